// SPDX-License-Identifier: Apache-2.0
#include "model/money/options.h"

#include "model/catalogue.h"
#include "model/core/format.h"

namespace ridgepoint::money {
namespace {

/// One assumption replaced by an option.
Result<void> replace(Settings& s, const Arguments& arguments, const std::string& option,
                     const std::string& key, const std::string& unit, double most) {
  if (!arguments.has(option)) return {};
  const std::string name = "--" + option;
  const auto value = parse_number(arguments.value(option), name);
  if (!value) return tl::make_unexpected(value.error());
  if (*value < 0 || *value > most)
    return fail(ErrorKind::bad_input, name + " must lie between 0 and " + show_number(most), "",
                "give it in " + (unit == "1" ? std::string("a share, for example 0.5") : unit));
  Fact fact;
  fact.value = *value;
  fact.unit = unit;
  fact.basis = Basis::assumed;
  fact.source = name;
  s.assumptions[key] = fact;
  return {};
}

/// --grid and --electricity are meant for the place of the question, so they hold for --region too.
void forget_regions(Settings& s, const std::string& key) {
  std::erase_if(s.assumptions, [&](const auto& entry) { return starts_with(entry.first, key + "."); });
}

}  // namespace

std::vector<Option> with_money_options(std::vector<Option> own) {
  const std::vector<Option> money = {
      {"basis", "HOW", "how machines are paid for", "rented", false, {"rented", "reserved", "spot", "owned"}},
      {"region", "NAME", "only offers of this region, its grid", "", false, {}},
      {"electricity", "USD", "what a kWh costs", "", false, {}},
      {"grid", "G", "grams of CO2e a kWh", "", false, {}},
      {"utilisation", "U", "share of paid hours with work, 0 to 1", "", false, {}},
      {"assumptions", "FILE", "replaces single assumptions of cost", "", false, {}},
      {"prices", "DIR", "another folder of price files", "", false, {}}};
  own.insert(own.end(), money.begin(), money.end());
  return own;
}

std::string prices_folder(const Arguments& arguments) { return arguments.value("prices"); }

Result<Settings> read_settings(const Arguments& arguments, const Ports& ports) {
  Settings s;
  s.basis = enum_from<CostBasis>(arguments.value("basis")).value_or(CostBasis::rented);
  s.region = arguments.value("region");
  auto facts = load_assumptions(ports.configs + "/prices", arguments.value("assumptions"));
  if (!facts) return tl::make_unexpected(facts.error());
  s.assumptions = std::move(*facts);
  if (arguments.has("grid")) forget_regions(s, "grid.intensity");
  for (const auto& step : {replace(s, arguments, "electricity", "electricity.price", "usd/kwh", 100),
                           replace(s, arguments, "grid", "grid.intensity", "g/kwh", 5000),
                           replace(s, arguments, "utilisation", "utilisation", "1", 1)})
    if (!step) return tl::make_unexpected(step.error());
  return s;
}

}  // namespace ridgepoint::money
