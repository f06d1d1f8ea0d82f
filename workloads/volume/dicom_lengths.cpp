// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/dicom_lengths.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kPreamble = 128, kFirst = 132;
constexpr std::uint32_t kUndefined = 0xffffffff;
constexpr int kDeepest = 16;

struct Coding {
  bool explicit_type = true;
  bool big = false;
};

struct Element {
  std::uint32_t tag = 0;  ///< group << 16 | element
  std::string_view type;  ///< two letters, empty where implicit
  std::uint32_t length = 0;
  std::size_t value = 0;  ///< where its value begins
};

constexpr std::uint32_t kSyntax = 0x00020010, kPixels = 0x7fe00010, kItem = 0xfffee000, kItemEnd = 0xfffee00d,
                        kSequenceEnd = 0xfffee0dd;

class Walk {
 public:
  explicit Walk(std::span<const std::byte> file)
      : text_(reinterpret_cast<const char*>(file.data()), file.size()) {}

  /// What is wrong, or an empty string.
  std::string trouble() {
    std::size_t at = kFirst;
    std::string_view syntax;
    while (const auto e = next(at, {})) {
      if (e->tag >> 16 != 2) break;
      if (e->length > text_.size() - e->value) return cut_short();
      if (e->tag == kSyntax) syntax = text_.substr(e->value, e->length);
      at = e->value + e->length;
    }
    while (!syntax.empty() && (syntax.back() == '\0' || syntax.back() == ' ')) syntax.remove_suffix(1);
    if (syntax.empty()) return "it names no transfer syntax";
    if (syntax == "1.2.840.10008.1.2.1.99") return "its data set is deflated";
    const Coding coding{syntax != "1.2.840.10008.1.2", syntax == "1.2.840.10008.1.2.2"};
    elements(at, text_.size(), coding, 0);
    return trouble_;
  }

 private:
  static std::string cut_short() { return "an element claims more bytes than the file has"; }

  std::uint32_t word(std::size_t at, std::size_t bytes, bool big) const {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      out |= std::uint32_t{static_cast<unsigned char>(text_[at + i])} << (8 * (big ? bytes - 1 - i : i));
    return out;
  }

  std::optional<Element> next(std::size_t at, Coding coding) const {
    if (text_.size() < 8 || at > text_.size() - 8) return std::nullopt;
    Element e;
    e.tag = word(at, 2, coding.big) << 16 | word(at + 2, 2, coding.big);
    e.value = at + 8;
    if (!coding.explicit_type || e.tag >> 16 == 0xfffe) {
      e.length = word(at + 4, 4, coding.big);
      return e;
    }
    e.type = text_.substr(at + 4, 2);
    static constexpr std::array<std::string_view, 14> kLong = {"OB", "OW", "OF", "OD", "OL", "OV", "SQ",
                                                               "UT", "UN", "UC", "UR", "SV", "UV", "??"};
    for (const std::string_view t : kLong)
      if (e.type == t) {
        if (at > text_.size() - 12 || text_.size() < 12) return std::nullopt;
        e.length = word(at + 8, 4, coding.big);
        e.value = at + 12;
        return e;
      }
    e.length = word(at + 6, 2, coding.big);
    return e;
  }

  std::size_t stop(std::string why) {
    if (trouble_.empty()) trouble_ = std::move(why);
    return text_.size();
  }

  /// Elements from `at` to `end`, or to the delimiter of an item; where they end.
  std::size_t elements(std::size_t at, std::size_t end, Coding coding, int depth) {
    if (depth > kDeepest) return stop("its sequences lie more than 16 deep within each other");
    while (at < end && trouble_.empty()) {
      const auto e = next(at, coding);
      if (!e) return stop("it ends within an element");
      if (e->tag == kItemEnd || e->tag == kSequenceEnd) return e->value;
      at = value_of(*e, coding, depth);
    }
    return at;
  }

  std::size_t value_of(const Element& e, Coding coding, int depth) {
    const bool open = e.length == kUndefined;
    if (!open && e.length > text_.size() - e.value) return stop(cut_short());
    if (open || e.type == "SQ") {
      const Coding inner = e.type == "UN" ? Coding{false, false} : coding;
      return items(e.value, open ? text_.size() : e.value + e.length, inner, e.tag == kPixels, depth + 1);
    }
    return e.value + e.length;
  }

  std::size_t items(std::size_t at, std::size_t end, Coding coding, bool pixels, int depth) {
    while (at < end && trouble_.empty()) {
      const auto item = next(at, {false, coding.big});
      if (!item) return stop("it ends within a sequence");
      if (item->tag == kSequenceEnd) return item->value;
      if (item->tag != kItem) return stop("a sequence holds something that is no item");
      const bool open = item->length == kUndefined;
      if (!open && item->length > text_.size() - item->value) return stop(cut_short());
      if (pixels && open) return stop("a packed slice has no length");
      at = pixels ? item->value + item->length
                  : elements(item->value, open ? text_.size() : item->value + item->length, coding, depth);
    }
    return at;
  }

  std::string_view text_;
  std::string trouble_;
};

}  // namespace

bool is_dicom(std::string_view head) { return head.size() > kFirst && head.substr(kPreamble, 4) == "DICM"; }

Result<void> check_dicom_lengths(std::span<const std::byte> file, const std::string& path) {
  std::string trouble = Walk(file).trouble();
  if (trouble.empty()) return {};
  return bad_volume("DICOM", path, trouble);
}

}  // namespace ridgepoint
