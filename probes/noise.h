// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/core/machine.h"
#include "probes/noise_control.h"
#include "probes/noise_reading.h"
#include "probes/topology.h"

namespace ridgepoint {

/// One look at the machine between two visits.
struct NoiseSample {
  double at_s = 0;  ///< since the watch began
  NoiseReading reading;
  NoiseControl::Times control;
  std::string after;  ///< the probe whose visit ended just before; empty for the first sample
};

/// A probe is degraded where the hypervisor took more than this share of the time its visits wanted. 5 %:
/// the smallest loss that moves a median of a machine-wide figure visibly on every machine we have seen.
inline constexpr double kMostSteal = 0.05;
/// Clock ticks (10 ms) of rounding in a difference of /proc/stat, which a short visit must not fail by.
inline constexpr double kTickNoise = 2;
/// A probe is degraded where a control beside one of its visits is further than this from the session's
/// median. 20 %: more than turbo steps and refresh explain, so another machine was measured than before.
inline constexpr double kMostDrift = 0.20;

/// Everything NoiseWatch::finish does; pure. See there.
void add_noise(const std::vector<NoiseSample>& samples, Machine& machine);

/// Watches the machine while a session runs: steal, pressure, clock, thermal events, and an A/A control.
class NoiseWatch {
 public:
  /// Of what a probe may use, how much the control may: it stays while the probes run.
  static constexpr double kMemoryShare = 0.125;

  /// `memory_byte` bounds the control's memory. Makes the control, about 20 ms.
  NoiseWatch(const Host& host, const Topology& topology, double memory_byte);

  /// Takes one sample; about 10 ms. For SessionHooks::between.
  void sample();
  /// Says whose visit has just ended. For SessionHooks::finished.
  void visited(const std::string& probe) { after_ = probe; }

  /// Adds the facts noise.*, the raw control as the report "noise", marks probes that were disturbed as
  /// degraded, and widens the interval of every sampled fact to at least the control's own 10 % to 90 %
  /// range: a figure cannot be known better than the thing beside it that never changes.
  void finish(Machine& machine) const { add_noise(samples_, machine); }

 private:
  const Host& host_;
  std::vector<int> cpus_;
  NoiseControl control_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::string after_;
  std::vector<NoiseSample> samples_;
};

}  // namespace ridgepoint
