// SPDX-License-Identifier: Apache-2.0
#include "model/core/network.h"

#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text bytes(std::int64_t value) { return quantity(static_cast<double>(value), "byte"); }
Text count(std::int64_t value) { return value == 0 ? quiet("-") : quantity(static_cast<double>(value), "1"); }

Table layer_table(const std::vector<NetworkLayer>& layers) {
  Table table;
  table.caption = "Operators, forward";
  table.columns = {{"Name", Align::text},      {"Operator", Align::text},     {"Output", Align::text},
                   {"Geometry", Align::text},  {"Parameters", Align::number}, {"MAC", Align::number},
                   {"Read", Align::number},    {"Written", Align::number},    {"Saved", Align::number},
                   {"Fused into", Align::text}};
  for (const NetworkLayer& l : layers)
    table.rows.push_back({{l.name, l.kind, l.output, or_else(l.geometry, "-"), count(l.parameters),
                           count(l.macs), bytes(l.read_byte), bytes(l.written_byte), bytes(l.saved_byte),
                           or_else(l.fused_into.value_or(""), "-")},
                          Emphasis::none});
  return table;
}

struct Shown {
  const char* key;
  const char* words;
};

constexpr Shown kShown[] = {{"parameters", "Parameters"},
                            {"work", "Work"},
                            {"traffic.read", "Read, no fusion"},
                            {"traffic.written", "Written, no fusion"},
                            {"traffic.fused.read", "Read, fused"},
                            {"traffic.fused.written", "Written, fused"},
                            {"memory.parameters", "Weights and their states"},
                            {"memory.tensors", "Most tensors at once"},
                            {"memory.saved", "Of which saved for backward"},
                            {"memory.total", "Memory, framework excluded"}};

}  // namespace

Result<Page> network_page(const Document& document) {
  return decode<NetworkDescription>(document.body, document.schema).map([](const NetworkDescription& n) {
    Page page;
    page.kind = "Network";
    page.title = "Network: " + n.name;
    page.lead = sentence(n.summary.empty() ? n.name : n.summary);
    KeyValues use;
    use.rows = {{"Inputs", listed(n.inputs)},
                {"Phase", n.phase},
                {"Precision", n.precision},
                {"Definition", or_else(n.source, "unknown")}};
    KeyValues totals;
    for (const Shown& s : kShown)
      if (const auto it = n.figures.find(s.key); it != n.figures.end())
        totals.rows.push_back({s.words, fact_value(it->second)});
    totals.rows.push_back({"Arithmetic intensity, no fusion", intensity(n.intensity_flop_byte)});
    page.sections.push_back({"Use", {use}});
    page.sections.push_back({"Totals", {totals}});
    page.sections.push_back({"Operators", {layer_table(n.layers)}});
    if (!n.limits.empty()) page.sections.push_back({"What is left out", {bullets(n.limits)}});
    page.sections.push_back({"Where the figures come from",
                             {facts_table("Figures, with their sources", n.figures)},
                             Depth::detail});
    add_provenance(page, n.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
