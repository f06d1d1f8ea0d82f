// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

// A strict reader for the HTML that we write: every element closed in order, every attribute in double
// quotes, no stray '<', '>' or '&'. Browsers forgive; a test must not.

namespace ridgepoint::testing_reports {

struct HtmlElement {
  std::string tag;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< own text, entities decoded
};

struct HtmlReading {
  std::vector<HtmlElement> elements;  ///< in document order
  std::string trouble;                ///< empty when well-formed
};

class HtmlReader {
 public:
  explicit HtmlReader(const std::string& html) : html_(html) {}

  HtmlReading read() {
    if (html_.rfind("<!DOCTYPE html>\n", 0) == 0) at_ = 16;
    while (at_ < html_.size() && reading_.trouble.empty()) html_[at_] == '<' ? tag() : text();
    if (reading_.trouble.empty() && !open_.empty()) stop("<" + element().tag + "> is never closed");
    return reading_;
  }

 private:
  HtmlElement& element() { return reading_.elements[open_.back()]; }
  void stop(const std::string& why) { reading_.trouble = why + " near byte " + std::to_string(at_); }

  void text() {
    const std::size_t end = std::min(html_.find('<', at_), html_.size());
    const std::string raw = html_.substr(at_, end - at_);
    if (open_.empty()) {
      if (raw.find_first_not_of('\n') != std::string::npos) stop("text outside of the root element");
    } else {
      if (element().tag != "style" && raw.find('>') != std::string::npos) stop("a bare '>'");
      element().text += decoded(raw);
    }
    at_ = end;
  }

  void tag() {
    if (html_.compare(at_, 2, "</") == 0) return closing();
    ++at_;
    HtmlElement e{word(), {}, {}};
    if (e.tag.empty()) return stop("a bare '<'");
    while (html_[at_] == ' ') {
      ++at_;
      attribute(e);
      if (!reading_.trouble.empty()) return;
    }
    const bool self_closed = html_.compare(at_, 2, "/>") == 0;
    if (!self_closed && html_[at_] != '>') return stop("a tag that does not end");
    at_ += self_closed ? 2 : 1;
    static const std::set<std::string> kVoid = {"meta", "link"};
    const bool is_void = self_closed || kVoid.contains(e.tag);
    reading_.elements.push_back(std::move(e));
    if (!is_void) open_.push_back(reading_.elements.size() - 1);
  }

  void closing() {
    at_ += 2;
    const std::string name = word();
    if (open_.empty() || element().tag != name) return stop("</" + name + "> closes nothing");
    open_.pop_back();
    if (html_[at_] != '>') return stop("a closing tag that does not end");
    ++at_;
  }

  void attribute(HtmlElement& e) {
    const std::string name = word();
    if (name.empty() || html_.compare(at_, 2, "=\"") != 0)
      return stop("an attribute without quotes in <" + e.tag + ">");
    at_ += 2;
    const std::size_t end = html_.find('"', at_);
    if (end == std::string::npos) return stop("an attribute that does not end");
    const std::string raw = html_.substr(at_, end - at_);
    if (raw.find('<') != std::string::npos) return stop("a '<' in an attribute");
    if (!e.attributes.emplace(name, decoded(raw)).second)
      return stop("the attribute " + name + " stands twice");
    at_ = end + 1;
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < html_.size() &&
           (std::isalnum(static_cast<unsigned char>(html_[at_])) != 0 || html_[at_] == '-'))
      ++at_;
    return html_.substr(begin, at_ - begin);
  }

  std::string decoded(const std::string& raw) {
    static const std::map<std::string, std::string> kEntities = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '&') {
        out += raw[i];
        continue;
      }
      const std::size_t end = raw.find(';', i);
      const auto entity = kEntities.find(end == std::string::npos ? "" : raw.substr(i, end - i + 1));
      if (entity == kEntities.end()) {
        stop("a bare '&'");
        return out;
      }
      out += entity->second;
      i = end;
    }
    return out;
  }

  const std::string& html_;
  std::size_t at_ = 0;
  HtmlReading reading_;
  std::vector<std::size_t> open_;
};

inline HtmlReading read_html(const std::string& html) { return HtmlReader(html).read(); }

}  // namespace ridgepoint::testing_reports
