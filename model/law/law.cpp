// SPDX-License-Identifier: Apache-2.0
#include "model/law/law.h"

#include <algorithm>
#include <cmath>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

// Scales that give each efficiency a value near 1 before anything is fitted. They are starting points with a
// wide prior (effects.cpp), not results.
constexpr double kLaunch = 5e-6;           // s, a kernel launch or parallel region
constexpr double kHistogramLaunch = 3e-5;  // s, a kernel of a boosting library with its bookkeeping
constexpr double kQuerySetUp = 5e-3;       // s, parse, plan and start of a query
constexpr double kStepSync = 3e-4;         // s, each doubling of the devices adds this much waiting to a step
constexpr double kCoreBandwidth = 12e9;    // byte/s, what one core keeps in flight against DRAM latency
constexpr double kL2BytePerCycle = 32, kL3BytePerCycle = 10;  // a core
constexpr double kL1BytePerFlop = 4;                          // two loads of a vector a cycle beside two FMA
constexpr double kMultiprocessorLanes =
    4;                             // table updates a cycle of a GPU multiprocessor against a core's one
constexpr double kCacheRatio = 3;  // last-level cache over memory bandwidth
constexpr double kCacheUse = 0.7;  // of the cache's capacity is there for one array
// Sustained operations x bytes of their type that a board does with a joule, and the years in which that
// doubles: assumed, as a ruler to tell boards of one generation with little power from those with much.
constexpr double kWorkPerJoule = 1e12, kWorkPerJouleYear = 2020, kWorkDoubling = 3;
constexpr double kNode = 12.5e9;        // byte/s, a 100 Gbit/s adapter, one for two devices
constexpr double kDefaultLink = 12e9;   // byte/s, PCIe 3.0 x16 as reached
constexpr double kColdStorage = 250e6;  // byte/s, the throughput-limited cloud volume of the published runs

double value(const std::optional<Fact>& f) { return f ? f->number() : 0; }

struct Context {
  const Workload& workload;
  const Resources& res;
  const Setting& set;
  double part = 1;            ///< share of the part that the program sees
  double batch_a_device = 1;  ///< units of work of a step, on each device
};

void add(StageTerms& out, TermKind kind, const std::string& cls, double seconds, std::string resource,
         double sigma = 0) {
  if (seconds > 0) out.terms.push_back({kind, cls, seconds, sigma, std::move(resource), {}});
}

/// Share of the traffic that a cache of the platform keeps from memory.
double kept_in_cache(const Stage& s, const Context& c, double element_byte) {
  if (!s.working_set || !c.res.cache_byte) return 0;
  const double set = s.working_set->number() * (s.working_set->unit == "1" ? element_byte : 1);
  return set > 0 ? std::min(1.0, kCacheUse * *c.res.cache_byte / set) : 0;
}

std::optional<double> crowding(const ComputeRoof& roof, const Resources& r) {
  if (is_host(r) || !r.watt || !r.launch_year) return std::nullopt;
  const double usual = kWorkPerJoule * std::exp2((*r.launch_year - kWorkPerJouleYear) / kWorkDoubling);
  return std::log(roof.rate * bytes_of(roof.precision) / *r.watt / usual);
}

Result<void> add_compute(StageTerms& out, const Stage& s, const Context& c) {
  const bool training = c.workload.phase == Phase::training;
  std::vector<std::string> precisions = c.set.precisions.empty() ? s.precisions : c.set.precisions;
  if (precisions.empty()) return {};
  const ComputeRoof* roof = c.res.roof(precisions, is_matrix_like(s.kernel_class), training);
  if (roof == nullptr) {
    if (!s.work) return {};
    return fail(ErrorKind::unavailable, "no compute roof for " + join(precisions, " or ") + " is known", "",
                "");
  }
  out.precision = roof->precision;
  if (s.work)
    add(out, TermKind::compute, s.kernel_class, s.work->number() / (roof->rate * c.part * c.set.core_share),
        roof->key, roof->sigma);
  if (!out.terms.empty() && is_matrix_like(s.kernel_class))
    out.terms.back().crowding = crowding(*roof, c.res);
  return {};
}

/// Cache classes have roofs of cores and clock, no catalogue holds their bandwidth.
Result<bool> add_cache_level(StageTerms& out, const Stage& s, const Context& c, double bytes) {
  if (!starts_with(s.kernel_class, "cache-")) return false;
  const double cores = c.res.cores * c.set.core_share;
  double roof = 0;
  if (s.kernel_class == "cache-l1") {
    const ComputeRoof* fp64 = c.res.roof({"fp64"}, false, false);
    if (fp64 != nullptr) roof = fp64->rate * c.set.core_share * kL1BytePerFlop;
  } else if (c.res.clock_hz) {
    roof = cores * *c.res.clock_hz * (s.kernel_class == "cache-l2" ? kL2BytePerCycle : kL3BytePerCycle);
  }
  if (roof <= 0)
    return fail(ErrorKind::unavailable, "no clock or FP64 rate to derive the cache's roof from", "", "");
  add(out, TermKind::memory, s.kernel_class, bytes / roof, "cores x clock");
  return true;
}

Result<void> add_memory(StageTerms& out, const Stage& s, const Context& c) {
  const double element = bytes_of(out.precision.empty() ? "fp32" : out.precision);
  const double bytes = s.read.number() + s.written.number() + value(s.elements) * element;
  if (bytes <= 0) return {};
  const auto cache = add_cache_level(out, s, c, bytes);
  if (!cache) return tl::make_unexpected(cache.error());
  if (*cache) return {};
  const MemoryTier* tier = c.res.tier(0);
  if (const MemoryTier* holds = c.res.tier(c.workload.footprint.number())) tier = holds;
  if (tier == nullptr) return fail(ErrorKind::unavailable, "no memory bandwidth is known", "", "");
  out.tier = tier->name;
  // Some cores of a socket reach the channels of the domains they fill.
  const double domains = std::ceil(c.set.core_share * c.res.memory_domains - 1e-9) / c.res.memory_domains;
  const double bandwidth = tier->bandwidth->sustained * c.part * (is_host(c.res) ? domains : 1);
  const double kept = kept_in_cache(s, c, element);
  add(out, TermKind::memory, s.kernel_class, bytes * (1 - kept) / bandwidth, tier->bandwidth->key,
      tier->bandwidth->basis == Basis::measured ? tier->bandwidth->sigma : 0);
  if (s.working_set && s.working_set->unit == "byte")
    add(out, TermKind::memory, s.kernel_class + "-cached", bytes * kept / (bandwidth * kCacheRatio),
        "last-level cache");
  if (is_host(c.res) && starts_with(s.kernel_class, "stream-"))
    add(out, TermKind::core_bandwidth, "streams", bytes / (c.res.cores * c.set.core_share * kCoreBandwidth),
        "cores in flight");
  return {};
}

Result<void> add_cores(StageTerms& out, const Stage& s, const Context& c) {
  if (!s.on_chip && !s.serial) return {};
  if (!c.res.clock_hz) return fail(ErrorKind::unavailable, "no clock is known", "", "");
  const double lanes = is_host(c.res) ? 1 : kMultiprocessorLanes;
  const double decoding = s.kernel_class == "query-scan" ? c.set.decoding : 1;
  add(out, TermKind::on_chip, s.kernel_class,
      value(s.on_chip) * decoding / (c.res.cores * c.set.core_share * *c.res.clock_hz * lanes * c.part),
      "cores x clock");
  add(out, TermKind::serial, s.kernel_class, value(s.serial) / *c.res.clock_hz, "clock");
  return {};
}

/// Do all devices of a node reach each other past the host's bus?
bool on_fabric(const Context& c) {
  return c.res.scale_up_byte_per_s &&
         c.set.devices / c.set.nodes <= c.res.scale_up_devices.value_or(c.set.devices);
}

double link_between(const Context& c) {
  const double inside =
      on_fabric(c) ? *c.res.scale_up_byte_per_s : c.res.link_byte_per_s.value_or(kDefaultLink) / 2;
  if (c.set.nodes <= 1) return inside;
  return std::min(inside, kNode * std::max(1.0, c.set.devices / c.set.nodes / 2));
}

std::string launch_class(const std::string& kernel_class) {
  if (kernel_class == "histogram") return "histogram";
  return starts_with(kernel_class, "query-") ? "query" : "kernel";
}

double launch_scale(const std::string& cls) {
  return cls == "histogram" ? kHistogramLaunch : cls == "query" ? kQuerySetUp : kLaunch;
}

void add_overheads(StageTerms& out, const Stage& s, const Context& c) {
  const std::string cls = launch_class(s.kernel_class);
  add(out, TermKind::launch, cls, value(s.launches) * launch_scale(cls) * c.set.launching / c.batch_a_device,
      "launches");
  if (!is_host(c.res))
    add(out, TermKind::link, "host", value(s.link) / c.res.link_byte_per_s.value_or(kDefaultLink),
        "link.pcie.bandwidth");
  if (c.set.devices <= 1) return;
  if (c.set.nodes > 1)
    add(out, TermKind::exchange, "network", value(s.exchange) * c.set.devices / c.set.nodes / kNode,
        "network");
  if (!is_host(c.res))
    add(out, TermKind::exchange, on_fabric(c) ? "fabric" : "bus", value(s.exchange) / link_between(c),
        on_fabric(c) ? "link.scale_up.bandwidth" : "link.pcie.bandwidth");
}

/// What a training step costs beyond its kernels: weights read and written once a step, and, with several
/// devices, a ring all-reduce of 2 byte gradients (2 (n - 1) / n of the volume over the slowest link) and
/// waiting.
void add_step(StageTerms& out, const Context& c) {
  const double n = c.set.devices, weights = value(c.workload.parameters);
  if (weights <= 0) return;
  const bool training = c.workload.phase == Phase::training;
  if (const MemoryTier* tier = c.res.tier(0); tier != nullptr && !out.tier.empty()) {
    const double bytes = weights * bytes_of(out.precision) * (training ? 4 : 1);
    add(out, TermKind::memory, out.kernel_class,
        bytes / c.batch_a_device / (tier->bandwidth->sustained * c.part), tier->bandwidth->key);
  }
  if (!training || n <= 1) return;
  add(out, TermKind::reduce, "gradients", 2 * weights * 2 * (n - 1) / n / link_between(c) / c.batch_a_device,
      "link.scale_up.bandwidth");
  add(out, TermKind::step, "devices", kStepSync * std::log2(n) / c.batch_a_device, "devices");
}

/// Terms of one kind and class are one term: they share the resource, so their seconds add before they
/// overlap.
void merge(StageTerms& stage) {
  std::vector<LawTerm> merged;
  for (LawTerm& t : stage.terms) {
    const auto twin = std::ranges::find_if(
        merged, [&](const LawTerm& m) { return m.kind == t.kind && m.kernel_class == t.kernel_class; });
    if (twin == merged.end())
      merged.push_back(std::move(t));
    else
      twin->seconds += t.seconds;
  }
  stage.terms = std::move(merged);
}

/// Units of work in a step where the setting does not say: published runs use large batches.
double default_batch(const Workload& w) { return w.phase == Phase::training ? 256 : 1024; }

}  // namespace

Result<std::vector<StageTerms>> law_terms(const Workload& w, const Resources& r, const Setting& s) {
  const bool batched = w.phase == Phase::training || w.phase == Phase::inference;
  const bool has_batches = batched && w.software == std::nullopt;
  Context c{w, r, s, s.one_program ? 1 / r.partitions : 1.0,
            has_batches ? s.batch.value_or(default_batch(w) * s.devices) / s.devices : 1.0};
  std::vector<StageTerms> out;
  for (const Stage& stage : w.stages) {
    StageTerms terms{stage.id, stage.kernel_class, "", "", {}};
    for (const auto& step :
         {add_compute(terms, stage, c), add_memory(terms, stage, c), add_cores(terms, stage, c)})
      if (!step) return tl::make_unexpected(step.error());
    add_overheads(terms, stage, c);
    if (&stage == &w.stages.front()) add_step(terms, c);
    merge(terms);
    out.push_back(std::move(terms));
  }
  if (s.cold && w.storage)
    out.push_back({"storage",
                   "storage",
                   "",
                   "",
                   {{TermKind::storage, "volume", w.storage->number() / kColdStorage, 0, "storage", {}}}});
  return out;
}

std::optional<double> epoch_units(const Workload& w, const std::string& date) {
  for (const EpochRevision& r : w.epoch_revisions)
    if (date < r.before) return r.units.number();
  return w.epoch ? std::optional(w.epoch->number()) : std::nullopt;
}

std::optional<double> epochs_at(const Workload& w, double batch) {
  const auto& table = w.convergence;
  if (table.empty()) return std::nullopt;
  if (batch <= table.front().batch) return table.front().epochs;
  for (std::size_t i = 1; i < table.size(); ++i) {
    const Convergence &a = table[i - 1], &b = table[i];
    if (batch > b.batch) continue;
    const double x = std::log(batch / a.batch) / std::log(b.batch / a.batch);
    return a.epochs * std::pow(b.epochs / a.epochs, x);
  }
  return table.back().epochs;
}

}  // namespace ridgepoint
