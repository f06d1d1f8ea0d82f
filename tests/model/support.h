// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/platform.h"
#include "model/core/workload.h"

namespace ridgepoint::testing_support {

inline Fact fact(double value, std::string unit, Basis basis = Basis::measured) {
  Fact f;
  f.value = value;
  f.unit = std::move(unit);
  f.basis = basis;
  f.source = "test";
  return f;
}

/// 1 TFLOP/s FP32, 100 GB/s, 64 GB, all measured, so that times come out by mental arithmetic.
inline Platform platform(const std::string& id, double flops = 1e12, double bandwidth = 1e11,
                         double capacity = 64e9) {
  Platform p;
  p.id = id;
  p.name = "Platform " + id;
  p.facts["compute.fp32.peak"] = fact(flops, "flop/s");
  p.facts["memory.dram.bandwidth.read"] = fact(bandwidth, "byte/s");
  p.facts["memory.dram.capacity"] = fact(capacity, "byte");
  p.facts["power.tdp"] = fact(100, "w");
  return p;
}

inline Offer hourly(double usd, const std::string& from, const std::string& to, double devices = 1) {
  Offer o;
  o.provider = "Cloud";
  o.name = "i." + from;
  o.terms = "on-demand";
  o.devices = devices;
  o.from = from;
  o.to = to;
  o.price = fact(usd, "usd/h", Basis::published);
  return o;
}

inline Workload workload(double flop, double read, double written, double footprint) {
  Workload w;
  w.id = "test/job";
  w.name = "Job";
  w.family = "medical";
  w.unit_of_work = "step";
  w.footprint = fact(footprint, "byte", Basis::derived);
  Stage s;
  s.id = "main";
  s.kernel_class = "conv3d-inference";
  s.precisions = {"fp32"};
  if (flop > 0) s.work = fact(flop, "flop", Basis::derived);
  s.read = fact(read, "byte", Basis::derived);
  s.written = fact(written, "byte", Basis::derived);
  w.stages.push_back(s);
  return w;
}

}  // namespace ridgepoint::testing_support
