// SPDX-License-Identifier: Apache-2.0
#include "probes/core_pairs.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kMostCpus = 64;

std::size_t pairs_of(std::size_t n) { return n < 2 ? 0 : n * (n - 1) / 2; }

/// The first of each group; a processor that tells no group is its own.
std::vector<int> first_of_each(const std::vector<CpuPlace>& places, std::vector<int> CpuPlace::*group) {
  std::set<int> met;
  std::vector<int> out;
  for (const CpuPlace& p : places) {
    if (met.contains(p.cpu)) continue;
    out.push_back(p.cpu);
    met.insert((p.*group).begin(), (p.*group).end());
  }
  return out;
}

}  // namespace

CpuPlace place_of(const Host& host, int cpu) {
  const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
  const auto list = [&](const char* name) {
    return parse_cpu_list(host.read(folder + name).value_or("")).value_or(std::vector<int>{});
  };
  CpuPlace place{cpu, list("thread_siblings_list"), list("cluster_cpus_list"), -1};
  const std::string package = host.read(folder + "physical_package_id").value_or("");
  std::from_chars(package.data(), package.data() + package.size(), place.package);
  return place;
}

Nearness nearness(const CpuPlace& a, const CpuPlace& b) {
  if (std::ranges::find(a.siblings, b.cpu) != a.siblings.end()) return Nearness::smt_siblings;
  if (a.siblings.empty() || a.package < 0 || b.package < 0) return Nearness::unknown;
  return a.package == b.package ? Nearness::same_package : Nearness::other_package;
}

PairPlan plan_pairs(const std::vector<CpuPlace>& places, std::size_t most_pairs) {
  PairPlan plan;
  const auto fits = [&](const std::vector<int>& cpus) {
    return cpus.size() <= kMostCpus && pairs_of(cpus.size()) <= std::max<std::size_t>(1, most_pairs);
  };
  for (const CpuPlace& p : places) plan.cpus.push_back(p.cpu);
  plan.rule = "all";
  for (const auto& [group, rule] :
       {std::pair(&CpuPlace::siblings, "one per core"), std::pair(&CpuPlace::cluster, "one per cluster")})
    if (!fits(plan.cpus)) {
      plan.cpus = first_of_each(places, group);
      plan.rule = rule;
    }
  const std::vector<int> fewer = plan.cpus;
  for (std::size_t step = 2; !fits(plan.cpus); ++step) {
    plan.cpus.clear();
    for (std::size_t i = 0; i < fewer.size(); i += step) plan.cpus.push_back(fewer[i]);
    plan.rule = "every " + std::to_string(step) + ". of those";
  }
  for (const CpuPlace& p : places)
    if (std::ranges::find(plan.cpus, p.cpu) == plan.cpus.end()) plan.left_out.push_back(p.cpu);
  for (std::size_t a = 0; a < plan.cpus.size(); ++a)
    for (std::size_t b = a + 1; b < plan.cpus.size(); ++b)
      plan.pairs.emplace_back(plan.cpus[a], plan.cpus[b]);
  if (plan.rule != "all")  // none of those shares a core
    for (const CpuPlace& p : places)
      if (p.siblings.size() > 1 && p.cpu == p.siblings.front() &&
          std::ranges::find(places, p.siblings[1], &CpuPlace::cpu) != places.end()) {
        plan.pairs.emplace_back(p.cpu, p.siblings[1]);
        break;
      }
  return plan;
}

}  // namespace ridgepoint
