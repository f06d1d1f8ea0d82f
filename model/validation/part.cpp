// SPDX-License-Identifier: Apache-2.0
#include "model/validation/part.h"

#include <cctype>
#include <set>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

/// Letters and digits only, in lower case, with the places where a word ends.
struct Squeezed {
  std::string text;
  std::set<std::size_t> ends{0};
  /// From the start of a word to the end of a word.
  bool holds(const std::string& name) const {
    for (const std::size_t at : ends)
      if (text.compare(at, name.size(), name) == 0 && ends.contains(at + name.size())) return true;
    return false;
  }
};

Squeezed squeezed(const std::string& words) {
  Squeezed out;
  for (const char c : words) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0)
      out.text += static_cast<char>(std::tolower(u));
    else
      out.ends.insert(out.text.size());
  }
  out.ends.insert(out.text.size());
  return out;
}

}  // namespace

std::string named_part(const PublishedRow& row, const std::vector<std::string>& ids) {
  const std::string own = squeezed(row.platform_id).text;
  const Squeezed words = squeezed(row.platform);
  std::string part = row.platform_id;
  std::size_t longest = own.size();
  for (const std::string& id : ids) {
    const std::string name = squeezed(id).text;
    if (name.size() <= longest || !starts_with(name, own) || !words.holds(name)) continue;
    part = id;
    longest = name.size();
  }
  return part;
}

}  // namespace ridgepoint
