// SPDX-License-Identifier: Apache-2.0
#include "workloads/counted.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/core/ports.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr double kLong_s = 0.2;  // several turns of multiplexed events
constexpr std::array<std::string_view, 4> kAccount = {"events.task_clock", "events.page_faults",
                                                      "events.context_switches", "events.migrations"};

bool only_account(const std::vector<EventTotal>& totals) {
  return std::ranges::all_of(
      totals, [](const EventTotal& t) { return std::ranges::find(kAccount, t.key) != kAccount.end(); });
}

}  // namespace

Counted count_kernel(EventCounter& counter, const std::function<void()>& body, double seconds_once) {
  const std::vector<EventTotal> before = counter.totals();
  if (only_account(before)) return {};
  const double wanted = std::clamp(std::ceil(kLong_s / std::max(seconds_once, 1e-9)), 1.0, 1e6);
  double done = 0;
  for (; done < wanted && !Interrupt::requested(); ++done) body();
  const std::vector<EventTotal> after = counter.totals();
  if (done == 0) return {};
  Counted counted{.facts = event_facts(before, after, done), .warnings = {}};
  for (auto& [key, fact] : counted.facts) fact.n = static_cast<std::int64_t>(done);
  if (const auto keys = multiplexed(after); !keys.empty())
    counted.warnings.push_back(
        {"multiplexed", "these events took turns on too few counters and are scaled up: " + join(keys, ", "),
         "use a larger shape, which runs longer"});
  return counted;
}

}  // namespace ridgepoint
