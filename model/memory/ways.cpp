// SPDX-License-Identifier: Apache-2.0
#include "model/memory/ways.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/memory/relief.h"
#include "model/roofs.h"

namespace ridgepoint::memory {
namespace {

constexpr double kSustainedLink = 0.8;  // assumed: what a copy engine reaches of a link's rate

/// One step of a combination, as factors on the job.
struct Step {
  std::string name;  ///< empty: the job as it is
  bool mixed = false;
  double activations = 1;  ///< share of the activation bytes that stays on one device
  double work = 1;         ///< arithmetic and traffic of all devices together
  double devices = 1;
  double exchanged_byte = 0;  ///< over the link, a unit of work
  bool offload = false;       ///< what does not fit goes to the host
  Quality quality = Quality::same;
  std::string effect, formula;
};

std::vector<Step> precisions(const FitQuestion& q) {
  std::vector<Step> out{{}};
  if (!q.setting.mixed && compute_roof(q.platform.facts, {"bf16", "fp16"}, true))
    out.push_back(
        {.name = "mixed precision",
         .mixed = true,
         .quality = Quality::changed,
         .effect = "2-byte activations; nnU-Net trains so by default (MIC-DKFZ/nnUNet#253)",
         .formula = "activations / 2, weights in FP32 with a 2-byte copy (model: mixed precision)"});
  return out;
}

std::vector<Step> batches(const FitQuestion& q) {
  std::vector<Step> out{{}};
  if (q.setting.phase != Phase::training) return out;
  for (std::int64_t k = 2; k <= q.input[0]; k *= 2)
    if (q.input[0] % k == 0)
      out.push_back(
          {.name = "batch " + std::to_string(q.input[0] / k) + " x " + std::to_string(k) + " accumulated",
           .activations = 1 / static_cast<double>(k),
           .effect = "the same gradient with instance or group norm; batch norm sees other statistics "
                     "(arXiv 1803.08494: error 24.1 % to 34.7 % at 2 a device)",
           .formula = "activations / k, time k T(b / k), optimizer once"});
  return out;
}

/// A network whose results meet again behind a concat or sum is no chain.
bool is_chain(const net::Graph& g) {
  return std::ranges::none_of(g.operators, [](const net::Operator& op) {
    return op.kind == net::OpKind::concat || op.kind == net::OpKind::add;
  });
}

std::vector<Step> recomputations(const FitQuestion& q, const net::Graph& g) {
  std::vector<Step> out{{}};
  if (q.setting.phase != Phase::training) return out;
  const double forward = 1.0 / 3;  // a step is forward, data and weight gradients of about equal work
  if (!is_chain(g)) {
    out.push_back(
        {.name = "checkpointed blocks",
         .activations = 0.68,
         .work = 1 + forward,
         .effect = "the same numbers",
         .formula =
             "peak x 0.68, work + 1/3: the top block is recomputed while all else is alive, so sqrt(L) "
             "does not hold for a U-Net (liveness of 3D U-Net)"});
    return out;
  }
  const auto layers = static_cast<std::int64_t>(
      std::ranges::count(g.operators, net::OpKind::convolution, &net::Operator::kind));
  if (layers < 9) return out;
  out.push_back({.name = "checkpoint every sqrt(L)",
                 .activations = checkpoint_share(layers),
                 .work = 1 + forward,
                 .effect = "the same numbers",
                 .formula = "2 sqrt(L) / L of the activations, one more forward pass (Chen et al. 2016)"});
  for (const std::int64_t slots : {3, 6}) {
    const double extra = static_cast<double>(revolve_steps(layers, slots)) / static_cast<double>(layers);
    out.push_back({.name = "revolve, " + std::to_string(slots) + " states",
                   .activations = std::min(1.0, static_cast<double>(slots + 1) / static_cast<double>(layers)),
                   .work = 1 + forward * extra,
                   .effect = "the same numbers",
                   .formula = "c states, r L - C(c + r, c + 1) forward steps (Griewank and Walther 2000)"});
  }
  return out;
}

int poolings(const net::Graph& g, const net::Shape& input) {
  std::int64_t least = input[2];
  for (const net::Tensor& t : g.tensors)
    if (t.shape.size() == input.size()) least = std::min(least, std::max<std::int64_t>(1, t.shape[2]));
  return static_cast<int>(std::lround(std::log2(static_cast<double>(input[2]) / static_cast<double>(least))));
}

std::optional<double> link_rate(const Facts& facts) {
  std::optional<double> best;
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() == 3 && parts[0] == "link" && parts[2] == "bandwidth" && fact.is_number() &&
        (!best || fact.number() > *best))
      best = fact.number();
  }
  if (best) *best *= kSustainedLink;
  return best;
}

void add_tiles(const FitQuestion& q, const net::Graph& g, std::vector<Step>& out) {
  const int axes = static_cast<int>(q.input.size()) - 2;
  const auto edge = static_cast<double>(q.input[2]);
  if (q.setting.phase == Phase::training) {
    out.push_back(
        {.name = "half the patch edge",
         .activations = std::pow(0.5, axes),
         .quality = Quality::loss,
         .effect = "less context: whole 192^3 volumes gave +4.5 and +5.3 points of Dice over 128^3 patches "
                   "(Imai et al.); no gain on BraTS or ACDC (arXiv 2404.09556)",
         .formula = "activations / 2^n, as many patches as cover the same voxels"});
    return;
  }
  const auto halo = static_cast<double>(aligned_halo(poolings(g, q.input)));
  for (const double parts : {2.0, 4.0}) {
    const double tile = edge / parts;
    const std::string name = std::to_string(static_cast<int>(parts)) + " tiles an axis";
    if (tile + 2 * halo < edge)
      out.push_back({.name = name + ", exact halo",
                     .activations = std::pow((tile + 2 * halo) / edge, axes),
                     .work = tile_work(tile, halo, axes),
                     .effect = "the same numbers but for norms over the volume",
                     .formula = "halo 6 2^L - 4 up to a multiple of 2^L = " + show_number(halo) +
                                ", work prod (t + 2 h) / t"});
    for (const double overlap : {0.25, 0.5})
      out.push_back({.name = name + ", windows that overlap by " + show_percent(overlap),
                     .activations = std::pow(1 / parts, axes),
                     .work = overlap_work(overlap, axes),
                     .quality = Quality::changed,
                     .effect = "blended windows: MONAI's and nnU-Net's practice, context is one window",
                     .formula = "work 1 / (1 - o)^n"});
  }
}

std::vector<Step> divisions(const FitQuestion& q, const net::Graph& g, const Totals& totals) {
  std::vector<Step> out{{}};
  const int axes = static_cast<int>(q.input.size()) - 2;
  add_tiles(q, g, out);
  out.push_back(
      {.name = "down-sampled by 2",
       .activations = std::pow(0.5, axes),
       .work = std::pow(0.5, axes),
       .quality = Quality::loss,
       .effect = "small findings go first: nodule AUC 0.854 to 0.689 (320 to 64 px, PMC8017385), mammography "
                 "0.912 to 0.870 (arXiv 2009.08563); 2.5 mm CT equalled 1.25 mm in one study (core.ac.uk "
                 "125786445)",
       .formula = "memory and work / 2^n"});
  const auto link = link_rate(q.platform.facts);
  if (!link) return out;
  const double size = q.setting.mixed ? 2 : 4;
  for (const double p : {2.0, 4.0, 8.0}) {
    // One voxel plane of every convolution output a cut, two cuts a slab, forward and backward.
    const double share = 2 * p / static_cast<double>(q.input[2]);
    if (share >= 1) continue;
    out.push_back(
        {.name = "volume split over " + show_number(p) + " devices",
         .activations = 1 / p + share / p,
         .devices = p,
         .exchanged_byte = 2 * totals.conv_outputs * size * share / p,
         .effect = "the same numbers, norms reduced over devices (arXiv 1909.03108: 512^3 trained so)",
         .formula = "1/p and a halo plane a 3^n convolution, 2 face C b / B each"});
  }
  out.push_back(
      {.name = "activations offloaded to the host",
       .offload = true,
       .effect = "the same numbers",
       .formula =
           "max(T, 2 V / (0.8 B_link)), prefetched; pinned host memory (IBM: 5x the voxels on 32 GB)"});
  return out;
}

Interval times(const Interval& i, double factor) { return {i.value * factor, i.lo * factor, i.hi * factor}; }

/// The combination priced, or nothing when it still does not fit or cannot be timed.
std::optional<WayOut> price(const FitQuestion& q, const Totals& totals, const std::vector<const Step*>& steps,
                            const Workload& plain, const Workload& halved, double capacity) {
  Setting setting = q.setting;
  WayOut way;
  double activations = 1, exchanged = 0;
  bool offload = false;
  std::vector<std::string> names, effects;
  for (const Step* s : steps) {
    if (s->name.empty()) continue;
    names.push_back(s->name);
    effects.push_back(s->effect);
    way.formulas.push_back(s->name + ": " + s->formula);
    setting.mixed = setting.mixed || s->mixed;
    activations *= s->activations;
    way.work_ratio *= s->work;
    way.devices *= s->devices;
    exchanged += s->exchanged_byte;
    offload = offload || s->offload;
    way.quality = std::max(way.quality, s->quality);
  }
  if (names.empty()) return std::nullopt;
  Footprint f = footprint(scaled(totals, activations), setting);
  double outside = 0;
  if (offload) {
    outside = std::max(0.0, f.safe_byte - capacity);
    const auto kept = std::ranges::find(f.items, "activations", &MemoryItem::name);
    if (kept == f.items.end() || outside <= 0 || outside > 0.9 * kept->byte) return std::nullopt;
    f.expected_byte -= outside / safety_factor();
    f.safe_byte -= outside;
  }
  if (f.safe_byte > capacity * (1 + 1e-9)) return std::nullopt;
  Workload w = setting.mixed ? halved : plain;
  for (Fact* fact : {&*w.stages[0].work, &w.stages[0].read, &w.stages[0].written})
    fact->value = fact->number() * way.work_ratio / way.devices;
  w.footprint.value = std::min(f.safe_byte, capacity);
  const Estimate e = estimate(w, q.platform, q.context);
  if (!e.time_s) return std::nullopt;
  const auto link = link_rate(q.platform.facts);
  double seconds = e.time_s->value;
  if (exchanged > 0 && link) seconds += exchange_seconds(exchanged, *link, 0, 0);
  if (outside > 0 && link) seconds = offload_seconds(seconds, outside, *link, true);
  const double slower = seconds / e.time_s->value;
  way.name = join(names, " + ");
  way.effect = join(effects, "; ");
  way.platform_id = q.platform.id;
  way.here = true;
  way.expected_byte = f.expected_byte;
  way.safe_byte = f.safe_byte;
  way.tier = e.fit.tier;
  way.time_s = times(*e.time_s, slower);
  if (e.cost_usd) way.cost_usd = times(*e.cost_usd, slower * way.devices);
  if (e.energy_j) way.energy_j = times(*e.energy_j, slower * way.devices);
  return way;
}

/// The unchanged job on every platform that holds it.
void elsewhere(const FitQuestion& q, const Workload& job, FitStudy& study) {
  for (const Platform& p : q.catalogue) {
    if (p.id == q.platform.id) continue;
    ++study.considered;
    const Estimate e = estimate(job, p, q.context);
    if (!e.fit.fits || !e.time_s || e.standing == Standing::not_on_sale) {
      ++study.infeasible;
      continue;
    }
    WayOut way;
    way.name = "as asked for, on " + p.name;
    way.platform_id = p.id;
    way.expected_byte = study.footprint.expected_byte;
    way.safe_byte = study.footprint.safe_byte;
    way.tier = e.fit.tier;
    way.time_s = e.time_s;
    way.cost_usd = e.cost_usd;
    way.energy_j = e.energy_j;
    way.effect = "the same numbers";
    way.formulas = {"nothing changes but the machine: time from the model, cost from its hourly price"};
    study.ways.push_back(std::move(way));
  }
}

}  // namespace

Result<void> price_ways(const FitQuestion& q, const Totals& totals, FitStudy& study) {
  const auto graph = q.network->build(q.input);
  if (!graph) return tl::make_unexpected(graph.error());
  Setting mixed = q.setting;
  mixed.mixed = true;
  const auto plain = workload_of(q, q.input, q.setting), halved = workload_of(q, q.input, mixed);
  if (!plain) return tl::make_unexpected(plain.error());
  if (!halved) return tl::make_unexpected(halved.error());
  if (study.capacity_byte) {
    const auto a = precisions(q), b = batches(q), c = recomputations(q, *graph),
               d = divisions(q, *graph, totals);
    for (const Step& precision : a)
      for (const Step& batch : b)
        for (const Step& again : c)
          for (const Step& division : d) {
            ++study.considered;
            auto way = price(q, totals, {&precision, &batch, &again, &division}, *plain, *halved,
                             *study.capacity_byte);
            if (way)
              study.ways.push_back(std::move(*way));
            else
              ++study.infeasible;
          }
  }
  elsewhere(q, *plain, study);
  return {};
}

}  // namespace ridgepoint::memory
