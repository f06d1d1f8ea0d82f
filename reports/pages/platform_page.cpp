// SPDX-License-Identifier: Apache-2.0
#include "model/core/platform.h"

#include "reports/pages/answer.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"
#include "reports/pages/roofs.h"

namespace ridgepoint::report {
namespace {

std::string_view class_words(PlatformClass kind) {
  switch (kind) {
    case PlatformClass::cpu:
      return "CPU";
    case PlatformClass::manycore_cpu:
      return "Many-core CPU";
    case PlatformClass::gpu:
      return "GPU";
    case PlatformClass::npu:
      return "Neural processor";
    case PlatformClass::fpga:
      return "FPGA";
    case PlatformClass::riscv_ai:
      return "RISC-V accelerator";
  }
  return "Platform";
}

}  // namespace

Result<Page> platform_page(const Document& document) {
  return decode<Platform>(document.body, document.schema).map([](const Platform& p) {
    Page page;
    page.kind = "Platform";
    page.title = p.name.empty() ? p.id : p.name;
    page.lead = std::string(class_words(p.kind)) + " by " + or_else(p.vendor, "an unknown vendor") + ": " +
                counted(p.facts.size(), "fact", "facts") + " and " +
                counted(p.offers.size(), "price", "prices") + ".";
    KeyValues identity;
    identity.rows = {{"Id", p.id},
                     {"Microarchitecture", or_else(p.microarchitecture.value_or(""), "unknown")},
                     {"Arithmetic", or_else(listed(p.compute_mix), "unknown")}};
    page.sections.push_back({"Identity", {identity}});
    Section facts{"Facts", {facts_table("Facts of " + page.title, p.facts)}};
    if (const RooflineChart chart = roofs_of(p.facts); chart.drawable())
      facts.blocks.insert(facts.blocks.begin(), Figure{chart, roofline_summary(chart)});
    page.sections.push_back(std::move(facts));
    Section prices{"Prices", {}};
    if (p.offers.empty())
      prices.blocks.emplace_back(
          Paragraph{"No price is known. A missing price is not zero: this platform has no cost estimate."});
    else
      prices.blocks.emplace_back(offers_table(p.offers));
    page.sections.push_back(std::move(prices));
    if (!p.conflicts.empty()) page.sections.push_back({"Where sources disagree", {bullets(p.conflicts)}});
    page.footer = "Platform catalogue entry " + p.id;
    return page;
  });
}

}  // namespace ridgepoint::report
