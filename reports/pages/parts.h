// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/core/events.h"
#include "model/core/fact.h"
#include "model/core/machine.h"
#include "model/core/provenance.h"
#include "model/core/recommendation.h"
#include "reports/page.h"

// The pieces that several pages share. Everything that shows a number is here, so that rounding, units, exact
// values and the words for "not known" are the same in every report.

namespace ridgepoint::report {

/// "1.23 GB/s", with the exact value behind it.
Text quantity(double value, std::string_view unit);
/// A number this page has computed: it is in no document.
Text derived(double value, std::string_view unit);
/// "1.2 to 1.5 s": the unit once where both ends share it.
Text between(Text lo, Text hi);
Text range(double lo, double hi, std::string_view unit);
/// " (1.2 to 1.5 s)" in a quiet voice, to stand behind its number.
Text aside(const Text& words);
/// A count with its noun: "1 platform", "3 platforms".
Text counted(std::size_t n, const std::string& singular, const std::string& plural);
/// Arithmetic intensity, "4.1 FLOP/B".
Text intensity(double flop_per_byte, Origin origin = Origin::document);
/// Share of one, in per cent.
Text percent(double ratio, Origin origin = Origin::document);

Text toned(std::string words, Tone tone);
Text strong(std::string words);
Text quiet(std::string words);

/// The text, or `otherwise` in a quiet voice when there is none.
Text or_else(const std::string& words, const std::string& otherwise);
/// The number, or "unknown"; never 0.
Text or_unknown(const std::optional<double>& value, std::string_view unit);

/// A fact's value of whatever type.
Text fact_value(const Fact& fact);
Table facts_table(const std::string& caption, const Facts& facts);
Table offers_table(const std::vector<Offer>& offers);

/// What could not be known, why, and the remedy.
Table missing_table(const std::vector<Missing>& missing);

/// "A, B and C".
std::string listed(const std::vector<std::string>& names);
/// "s" -> "S".
std::string capitalised(std::string words);

/// A document's sentence as a page shows it: "time = work / rate" -> "Time = work / rate."
std::string sentence(std::string words);
/// sentence() of each.
List bullets(const std::vector<std::string>& items);

/// Appends a section for the warnings, if there are any.
void add_warnings(std::vector<Section>& sections, const std::vector<Warning>& warnings);
/// Appends "How this was made" and sets the footer.
void add_provenance(Page& page, const Provenance& provenance);

}  // namespace ridgepoint::report
