// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/parts.h"

#include "model/core/format.h"

namespace ridgepoint::report {
namespace {

Text number_span(std::string shown, double exact, std::string_view unit, Origin origin) {
  return Text(Span{std::move(shown), Tone::plain, exact, std::string(unit), origin});
}

std::string period_of(const Offer& o) {
  if (!o.from || !o.to) return "undated";
  return *o.from == *o.to ? *o.from : *o.from + " to " + *o.to;
}

}  // namespace

Text quantity(double value, std::string_view unit) {
  return number_span(show(value, unit), value, unit, Origin::document);
}

Text derived(double value, std::string_view unit) {
  return number_span(show(value, unit), value, unit, Origin::derived);
}

Text between(Text lo, Text hi) {
  std::string& first = lo.spans.back().text;
  const std::string& second = hi.spans.back().text;
  const auto unit = first.rfind(' '), same = second.rfind(' ');
  if (unit != std::string::npos && same != std::string::npos && first.substr(unit) == second.substr(same))
    first.resize(unit);
  return lo + " to " + hi;
}

Text range(double lo, double hi, std::string_view unit) {
  return between(quantity(lo, unit), quantity(hi, unit));
}

Text aside(const Text& words) {
  Text text = " (" + words + ")";
  for (Span& s : text.spans) s.tone = Tone::quiet;
  return text;
}

Text counted(std::size_t n, const std::string& singular, const std::string& plural) {
  return number_span(std::to_string(n), static_cast<double>(n), "1", Origin::derived) +
         (" " + (n == 1 ? singular : plural));
}

Text intensity(double flop_per_byte, Origin origin) {
  return number_span(show_number(flop_per_byte) + " FLOP/B", flop_per_byte, "flop/byte", origin);
}

Text percent(double ratio, Origin origin) { return number_span(show_percent(ratio), ratio, "1", origin); }

Text toned(std::string words, Tone tone) {
  return Text(Span{std::move(words), tone, {}, {}, Origin::document});
}
Text strong(std::string words) { return toned(std::move(words), Tone::strong); }
Text quiet(std::string words) { return toned(std::move(words), Tone::quiet); }

Text or_else(const std::string& words, const std::string& otherwise) {
  return words.empty() ? quiet(otherwise) : Text(words);
}

Text or_unknown(const std::optional<double>& value, std::string_view unit) {
  return value ? quantity(*value, unit) : quiet("unknown");
}

Text fact_value(const Fact& fact) {
  if (fact.is_number()) {
    Text shown = quantity(fact.number(), fact.unit);
    if (fact.lo && fact.hi) shown += aside(range(*fact.lo, *fact.hi, fact.unit));
    return shown;
  }
  if (const bool* flag = std::get_if<bool>(&fact.value)) return *flag ? "yes" : "no";
  return or_else(fact.text(), "unknown");
}

Table facts_table(const std::string& caption, const Facts& facts) {
  Table table;
  table.caption = caption;
  table.columns = {
      {"Fact", Align::text}, {"Value", Align::number}, {"Basis", Align::text}, {"Source", Align::text}};
  for (const auto& [key, fact] : facts) {
    Text source = or_else(fact.source, "unknown");
    if (fact.n) source += ", n = " + quantity(static_cast<double>(*fact.n), "1");
    if (fact.note) source += "; " + Text(*fact.note);
    table.rows.push_back({{key, fact_value(fact), std::string(name_of(fact.basis)), source}, Emphasis::none});
  }
  return table;
}

Table offers_table(const std::vector<Offer>& offers) {
  Table table;
  table.caption = "Prices, as observed";
  table.columns = {{"Offer", Align::text}, {"Price", Align::number}, {"Devices", Align::number},
                   {"Seen", Align::text},  {"Terms", Align::text},   {"Match", Align::text},
                   {"Source", Align::text}};
  for (const Offer& o : offers) {
    const std::string name = o.provider + (o.name ? " " + *o.name : "") + (o.region ? ", " + *o.region : "");
    table.rows.push_back(
        {{name, fact_value(o.price), or_unknown(o.devices, "1"), period_of(o), or_else(o.terms, "unknown"),
          or_else(o.match.value_or(""), "unknown"), or_else(o.price.source, "unknown")},
         Emphasis::none});
  }
  return table;
}

Table missing_table(const std::vector<Missing>& missing) {
  Table table;
  table.caption = "What could not be known";
  table.columns = {{"Figure", Align::text}, {"Why", Align::text}, {"What to do", Align::text}};
  for (const Missing& m : missing)
    table.rows.push_back(
        {{m.subject, or_else(m.reason, "unknown"), or_else(m.fix, "nothing to do")}, Emphasis::none});
  return table;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string capitalised(std::string words) {
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string sentence(std::string words) {
  if (words.empty()) return words;
  // Only a plain lower-case word may be changed: "its" yes, "nvidia-l4" and "fp32" are names.
  const std::size_t end = words.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  if (end != std::string::npos && (words[end] == ' ' || words[end] == ':'))
    words = capitalised(std::move(words));
  const char last = words.back();
  const bool closed = last == '.' || last == '!' || last == '?' || last == ':' || last == ';';
  return closed ? words : words + ".";
}

List bullets(const std::vector<std::string>& items) {
  List list;
  for (const std::string& item : items) list.items.emplace_back(sentence(item));
  return list;
}

void add_warnings(std::vector<Section>& sections, const std::vector<Warning>& warnings) {
  if (warnings.empty()) return;
  Table table;
  table.caption = "What to know before trusting these numbers";
  table.columns = {{"Warning", Align::text}, {"What it means", Align::text}, {"What to do", Align::text}};
  for (const Warning& w : warnings)
    table.rows.push_back(
        {{toned(w.code, Tone::caution), w.what, or_else(w.fix, "nothing to do")}, Emphasis::none});
  sections.push_back({"Warnings", {table}});
}

void add_provenance(Page& page, const Provenance& p) {
  KeyValues made;
  made.rows = {{"Made by", p.tool + " " + p.version + " (commit " + p.commit + ")"},
               {"On", or_else(p.created, "unknown")},
               {"Repeat with", or_else(p.command, "unknown")},
               {"Compiler", or_else(p.compiler, "unknown")},
               {"Flags", or_else(p.flags, "none")}};
  std::vector<std::string> packages;
  for (const auto& [name, version] : p.packages) packages.push_back(name + " " + version);
  made.rows.push_back({"Libraries", or_else(listed(packages), "unknown")});
  page.sections.push_back({"How this was made", {made}, Depth::detail});
  page.footer = p.tool + " " + p.version + ", " + (p.created.empty() ? "date unknown" : p.created);
}

}  // namespace ridgepoint::report
