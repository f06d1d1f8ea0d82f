// SPDX-License-Identifier: Apache-2.0
#include "model/core/format.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "model/core/text.h"
#include "model/core/units.h"

namespace ridgepoint {
namespace {

/// Fixed notation with `digits` significant digits, trailing zeros of the fraction removed.
std::string significant(double value, int digits) {
  if (value == 0) return "0";
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  char buffer[64];
  const double unit = std::pow(10.0, magnitude - digits + 1);
  const double rounded = std::round(value / unit) * unit;
  const int decimals = std::max(0, digits - 1 - magnitude);
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, rounded);
  std::string out = buffer;
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
  }
  return out;
}

struct Prefix {
  double factor;
  std::string_view symbol;
};

template <std::size_t N>
std::string with_prefix(double value, const std::array<Prefix, N>& prefixes, std::string_view unit) {
  const Prefix* chosen = &prefixes.back();
  for (const Prefix& p : prefixes) {
    // 999.6 shows as 1000 at three digits, so the next prefix begins at 999.5.
    if (std::abs(value) >= p.factor * 0.9995) {
      chosen = &p;
      break;
    }
  }
  return significant(value / chosen->factor, 3) + " " + std::string(chosen->symbol) + std::string(unit);
}

constexpr std::array<Prefix, 6> kDecimal = {
    {{1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}};
constexpr std::array<Prefix, 6> kBinary = {{{1125899906842624.0, "Pi"},
                                            {1099511627776.0, "Ti"},
                                            {1073741824.0, "Gi"},
                                            {1048576.0, "Mi"},
                                            {1024.0, "Ki"},
                                            {1, ""}}};

}  // namespace

std::string show_number(double value, int digits) {
  if (value != 0 && (std::abs(value) < 1e-4 || std::abs(value) >= 1e6)) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*e", digits - 1, value);
    return buffer;
  }
  return significant(value, digits);
}

std::string show_bytes(double bytes) { return with_prefix(bytes, kBinary, "B"); }

std::string show_rate(double per_second, std::string_view unit) {
  return with_prefix(per_second, kDecimal, unit);
}

std::string show_seconds(double s) {
  if (s == 0) return "0 s";
  const double a = std::abs(s);
  if (a < 0.9995e-6) return significant(s * 1e9, 3) + " ns";
  if (a < 0.9995e-3) return significant(s * 1e6, 3) + " us";
  if (a < 0.9995) return significant(s * 1e3, 3) + " ms";
  if (a < 119.5) return significant(s, 3) + " s";
  if (a < 7170) return significant(s / 60, 3) + " min";
  return significant(s / kSecondsPerHour, 3) + " h";
}

std::string show_usd(double usd) { return "$" + show_number(usd); }

std::string show_joules(double joules) {
  constexpr double kKilowattHour = 3.6e6;
  if (std::abs(joules) >= kKilowattHour) return significant(joules / kKilowattHour, 3) + " kWh";
  return with_prefix(joules, kDecimal, "J");
}

std::string show_percent(double ratio) { return significant(ratio * 100, 3) + " %"; }

std::string show(double value, std::string_view unit) {
  if (unit == "byte") return show_bytes(value);
  if (unit == "byte/s") return show_rate(value, "B/s");
  if (unit == "flop") return show_rate(value, "FLOP");
  if (unit == "flop/s") return show_rate(value, "FLOP/s");
  if (unit == "op/s") return show_rate(value, "OP/s");
  if (unit == "line/s" || unit == "count/s") return show_rate(value, unit);
  if (unit == "hz") return show_rate(value, "Hz");
  if (unit == "s") return show_seconds(value);
  if (unit == "j") return show_joules(value);
  if (unit == "w") return significant(value, 3) + " W";
  if (unit == "g") return value < 1000 ? significant(value, 3) + " g" : show_number(value / 1000) + " kg";
  if (unit == "usd") return show_usd(value);
  if (unit == "usd/h") return show_usd(value) + "/h";
  if (unit == "1")
    return std::abs(value) < 1e6 && value == std::trunc(value) ? significant(value, 6) : show_number(value);
  return show_number(value) + " " + std::string(unit);
}

Result<double> parse_number(std::string_view text, const std::string& name) {
  text = trim(text);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return fail(ErrorKind::bad_input, name + " '" + printable(text) + "' is not a number", "",
                "give a number such as 1.5");
  return value;
}

Result<double> parse_bytes(std::string_view text) {
  constexpr std::array<Prefix, 13> kUnits = {{{1, ""},
                                              {1, "B"},
                                              {1e3, "kB"},
                                              {1e6, "MB"},
                                              {1e9, "GB"},
                                              {1e12, "TB"},
                                              {1e15, "PB"},
                                              {1024.0, "KiB"},
                                              {1048576.0, "MiB"},
                                              {1073741824.0, "GiB"},
                                              {1099511627776.0, "TiB"},
                                              {1125899906842624.0, "PiB"},
                                              {1e3, "KB"}}};
  text = trim(text);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789.+-eE"), text.size());
  const std::string_view unit = trim(text.substr(digits));
  for (const Prefix& u : kUnits) {
    if (u.symbol != unit) continue;
    auto number = parse_number(text.substr(0, digits), "size");
    if (number && *number < 0)
      return fail(ErrorKind::bad_input, "size '" + printable(text) + "' is negative", "",
                  "give a positive size");
    return number.map([&](double v) { return v * u.factor; });
  }
  return fail(ErrorKind::bad_input, "size '" + printable(text) + "' has an unknown unit", "",
              "write B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024)");
}

}  // namespace ridgepoint
