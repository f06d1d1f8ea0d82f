// SPDX-License-Identifier: Apache-2.0
#include "model/law/effects.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {
namespace {

// Prior standard deviations of logarithms. Chosen by the predictive score of leaving platforms out on the
// open published rows (coordinate search in factors of two; docs/explanation/model.md).
constexpr double kFree = 3.0;  // a group, or a class that has none
constexpr double kClassInGroup = 0.35;
constexpr double kGroupOnKind = 0.02, kGroupOnGeneration = 0.15, kGroupOnPlatform = 0.11;
constexpr double kOnKind = 0.075, kOnGeneration = 0.08, kOnPlatform = 0.03;
constexpr double kUnseenKind =
    0.4;                         // a kind of platform that no result of the class is of: on its interval only
constexpr double kEngine = 1.0;  // launches and serial parts of one library
constexpr double kSoftware = 0.7, kWorkload = 0.3;
constexpr double kGeneration = 0.1, kDie = 0.1, kPlatform = 0.03;
constexpr double kCrowding = 0.1;  // a power of the work asked of a joule
constexpr double kTrend = 0.05;    // a year of age, a doubling of devices and the like

std::string stem(const LawTerm& t) { return std::string(name_of(t.kind)) + "/" + t.kernel_class; }

std::string group_stem(const LawTerm& t) {
  const std::string group = group_of(t.kind, t.kernel_class);
  return group.empty() ? "" : std::string(name_of(t.kind)) + "/(" + group + ")";
}

/// Adds a stem and its three narrower forms, as far as the scope goes.
void add_scopes(std::vector<Effect>& out, const std::string& s, const Resources& r, Scope scope, double own,
                double on_kind, double on_generation, double on_platform) {
  out.push_back({s, 1, own});
  if (scope <= Scope::kind) out.push_back({s + "@" + std::string(name_of(r.kind)), 1, on_kind});
  if (scope <= Scope::generation) out.push_back({s + "@" + r.generation, 1, on_generation});
  if (scope <= Scope::platform) out.push_back({s + "@" + r.id, 1, on_platform});
}

double square(double x) { return x * x; }

}  // namespace

std::vector<Effect> effects_at(const LawTerm& t, const Resources& r, Scope scope) {
  std::vector<Effect> out;
  const std::string group = group_stem(t);
  if (!group.empty())
    add_scopes(out, group, r, scope, kFree, kGroupOnKind, kGroupOnGeneration, kGroupOnPlatform);
  if (scope <= Scope::kernel_class)
    add_scopes(out, stem(t), r, scope, group.empty() ? kFree : kClassInGroup, kOnKind, kOnGeneration,
               kOnPlatform);
  return out;
}

double missing_variance(const LawTerm& t, Scope scope) {
  const bool grouped = !group_stem(t).empty();
  double v = 0;
  if (scope > Scope::platform) v += square(kOnPlatform) + (grouped ? square(kGroupOnPlatform) : 0);
  if (scope > Scope::generation) v += square(kOnGeneration) + (grouped ? square(kGroupOnGeneration) : 0);
  if (scope > Scope::kind) v += square(kUnseenKind) + square(kOnKind) + (grouped ? square(kGroupOnKind) : 0);
  if (scope > Scope::kernel_class) v += square(grouped ? kClassInGroup : kFree);
  if (scope > Scope::group) v += grouped ? square(kFree) : 0;
  return v;
}

std::string scope_key(const LawTerm& t, const Resources& r, Scope scope) {
  switch (scope) {
    case Scope::platform:
      return stem(t) + "@" + r.id;
    case Scope::generation:
      return stem(t) + "@" + r.generation;
    case Scope::kind:
      return stem(t) + "@" + std::string(name_of(r.kind));
    case Scope::kernel_class:
      return stem(t);
    case Scope::group:
      return group_stem(t);
    case Scope::nothing:
      break;
  }
  return "";
}

std::vector<Effect> term_effects(const LawTerm& t, const Resources& r, const std::string& software) {
  std::vector<Effect> out = effects_at(t, r, Scope::platform);
  if (t.crowding) out.push_back({"crowding/dense", *t.crowding, kCrowding});
  const bool by_software = t.kind == TermKind::launch || t.kind == TermKind::serial;
  if (by_software && !software.empty()) out.push_back({stem(t) + "@" + software, 1, kEngine});
  return out;
}

std::vector<Effect> common_effects(const Occasion& o, const Resources& r, const Setting& s) {
  std::vector<Effect> out = {{"workload/" + o.workload, 1, kWorkload},
                             {"generation/" + r.generation, 1, kGeneration},
                             {"die/" + r.microarchitecture, 1, kDie},
                             {"platform/" + r.id, 1, kPlatform},
                             {"age", -s.age_years, kTrend},
                             {"age/" + o.kernel_class, -s.age_years, kTrend}};
  if (!s.software.empty()) out.push_back({"software/" + o.kernel_class + "/" + s.software, 1, kSoftware});
  if (s.devices > 1)
    out.push_back({"devices/" + o.kernel_class, std::log(std::min(s.devices, 16.0)), kTrend});
  if (s.nodes > 1) out.push_back({"nodes/" + o.kernel_class, std::log(s.nodes), kTrend});
  if (o.to_target) {
    out.push_back({"to-target/" + o.kernel_class, 1, kSoftware});
    out.push_back({"to-target-devices/" + o.kernel_class, std::log(s.devices), kTrend});
  }
  return out;
}

}  // namespace ridgepoint
