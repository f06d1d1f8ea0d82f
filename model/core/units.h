// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>

namespace ridgepoint {

/// A number in base units with its dimension in the type: bytes^B flop^F seconds^S joules^J.
/// Products and quotients add and subtract exponents, so wrong physics does not compile.
template <int B, int F, int S, int J>
class Quantity {
 public:
  constexpr Quantity() = default;
  explicit constexpr Quantity(double value) : value_(value) {}
  /// The only way out of the type; the name reminds the reader that the unit is the base unit.
  constexpr double in_base_units() const { return value_; }

  constexpr Quantity operator+(Quantity other) const { return Quantity(value_ + other.value_); }
  constexpr Quantity operator-(Quantity other) const { return Quantity(value_ - other.value_); }
  constexpr Quantity operator*(double factor) const { return Quantity(value_ * factor); }
  constexpr Quantity operator/(double factor) const { return Quantity(value_ / factor); }
  constexpr auto operator<=>(const Quantity&) const = default;

 private:
  double value_ = 0;
};

template <int B1, int F1, int S1, int J1, int B2, int F2, int S2, int J2>
constexpr auto operator*(Quantity<B1, F1, S1, J1> a, Quantity<B2, F2, S2, J2> b) {
  return Quantity<B1 + B2, F1 + F2, S1 + S2, J1 + J2>(a.in_base_units() * b.in_base_units());
}

template <int B1, int F1, int S1, int J1, int B2, int F2, int S2, int J2>
constexpr auto operator/(Quantity<B1, F1, S1, J1> a, Quantity<B2, F2, S2, J2> b) {
  return Quantity<B1 - B2, F1 - F2, S1 - S2, J1 - J2>(a.in_base_units() / b.in_base_units());
}

using Bytes = Quantity<1, 0, 0, 0>;
using Flops = Quantity<0, 1, 0, 0>;  ///< an FMA counts 2; integer operations of an int8 roof count here too
using Seconds = Quantity<0, 0, 1, 0>;
using Joules = Quantity<0, 0, 0, 1>;
using BytesPerSecond = Quantity<1, 0, -1, 0>;
using FlopsPerSecond = Quantity<0, 1, -1, 0>;
using FlopsPerByte = Quantity<-1, 1, 0, 0>;  ///< arithmetic intensity
using Watts = Quantity<0, 0, -1, 1>;

inline constexpr double kKibi = 1024.0;
inline constexpr double kMebi = kKibi * kKibi;
inline constexpr double kGibi = kMebi * kKibi;
inline constexpr double kSecondsPerHour = 3600.0;

}  // namespace ridgepoint
