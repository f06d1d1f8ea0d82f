// SPDX-License-Identifier: Apache-2.0
#include "model/networks/library.h"

namespace ridgepoint {

Result<const NetworkEntry*> find_network(const std::string& name) {
  std::vector<std::string> known;
  for (const NetworkFamily* family : network_families())
    for (const NetworkEntry& entry : family->entries) {
      if (entry.name == name) return &entry;
      known.push_back(entry.name);
    }
  const std::string near = nearest(name, known);
  return fail(ErrorKind::bad_input, "there is no network '" + printable(name) + "'", "",
              near.empty() ? "see ridgepoint network" : "did you mean '" + near + "'?");
}

net::Shape padded_input(const NetworkEntry& entry, net::Shape input) {
  for (std::size_t axis = 2; axis < input.size(); ++axis)
    input[axis] = (input[axis] + entry.multiple - 1) / entry.multiple * entry.multiple;
  return input;
}

Result<net::Graph> build_network(const std::string& name, const net::Shape& input) {
  const auto entry = find_network(name);
  if (!entry) return tl::make_unexpected(entry.error());
  const auto own = net::parse_shape((*entry)->input, "input of " + name);
  if (!own) return tl::make_unexpected(own.error());
  if (!input.empty() && (input.size() != own->size() || input[1] != (*own)[1]))
    return fail(ErrorKind::bad_input,
                "network '" + name + "' does not take the input " + net::shape_text(input),
                "it wants " + std::to_string((*own)[1]) + " channels and " + std::to_string(own->size() - 2) +
                    " spatial axes",
                "write it as in " + (*entry)->input);
  return (*entry)->build(input.empty() ? *own : input);
}

}  // namespace ridgepoint
