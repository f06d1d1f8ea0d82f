// SPDX-License-Identifier: Apache-2.0
#include "model/plan/formulate.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint {
namespace {

constexpr double kInside = 1 - 1e-6;  // keeps a solver's tolerance within the truth

using Terms = std::vector<std::pair<std::int32_t, double>>;

std::string tag(std::initializer_list<std::size_t> indices) {
  std::string out;
  for (const std::size_t i : indices) out += "_" + std::to_string(i);
  return out;
}

class Builder {
 public:
  Builder(const PlanInstance& in, PoolForm form, const FixedPools* fixed) : in_(in), fixed_(fixed) {
    out_.form = form;
  }

  Formulation build() {
    const Formulation::Cube none(in_.offers,
                                 std::vector(in_.sites, std::vector<std::int32_t>(in_.months, -1)));
    out_.orders = out_.owned = out_.retired = out_.rented = out_.spare = none;
    out_.share.assign(in_.demands, none);
    out_.unmet.assign(in_.demands, std::vector<std::int32_t>(in_.months, -1));
    need_.assign(in_.offers, std::vector(in_.sites, std::vector<Terms>(in_.months)));
    constant_.assign(in_.offers, std::vector(in_.sites, std::vector<double>(in_.months)));
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s) add_servers(p, s);
    for (std::size_t w = 0; w < in_.demands; ++w)
      for (std::size_t t = 0; t < in_.months; ++t) add_demand(w, t);
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s)
        for (std::size_t t = 0; t < in_.months; ++t) add_capacity(p, s, t);
    add_site_limits();
    add_stock();
    add_years();
    add_vendors();
    return std::move(out_);
  }

 private:
  const ServerOffer& offer(std::size_t p) const { return in_.scenario.offers[p]; }
  MipProgram& program() { return out_.program; }

  void add_servers(std::size_t p, std::size_t s) {
    const ServerOffer& o = offer(p);
    const bool may_own = o.buy_usd.has_value() || in_.owned[p][s] > 0;
    for (std::size_t t = 0; t < in_.months; ++t) {
      const std::string at = tag({p, s, t});
      if (in_.can_order(p, t))
        out_.orders[p][s][t] = program().add({"b" + at, 0, kNoLimit, in_.order_usd(p, t), Domain::integer});
      if (may_own) {
        out_.owned[p][s][t] =
            program().add({"n" + at, 0, kNoLimit, in_.owned_usd(p, s) * in_.discount[t], Domain::integer});
        out_.retired[p][s][t] = program().add({"q" + at, 0, kNoLimit, 0, Domain::continuous});
      }
      if (o.rent_usd_per_h)
        out_.rented[p][s][t] =
            program().add({"c" + at, 0, o.rent_limit ? static_cast<double>(*o.rent_limit) : kNoLimit,
                           in_.rented_usd(p, s) * in_.discount[t], Domain::integer});
      if (may_own) add_balance(p, s, t);
    }
    if (may_own) add_age(p, s);
  }

  /// owned(t) = owned(t-1) + orders(t - lead) - retired(t)
  void add_balance(std::size_t p, std::size_t s, std::size_t t) {
    MipProgram::Constraint row{"balance" + tag({p, s, t}), 0, 0, "", {{out_.owned[p][s][t], 1}}};
    if (t > 0)
      row.terms.emplace_back(out_.owned[p][s][t - 1], -1);
    else
      row.lower = row.upper = static_cast<double>(in_.owned[p][s]);
    const auto lead = static_cast<std::size_t>(offer(p).lead_months);
    if (t >= lead && out_.orders[p][s][t - lead] >= 0)
      row.terms.emplace_back(out_.orders[p][s][t - lead], -1);
    row.terms.emplace_back(out_.retired[p][s][t], 1);
    program().constraints.push_back(std::move(row));
  }

  /// By each month at least as many have gone as are too old; the oldest go first.
  void add_age(std::size_t p, std::size_t s) {
    const auto lead = static_cast<std::size_t>(offer(p).lead_months),
               life = static_cast<std::size_t>(offer(p).life_months);
    for (std::size_t t = 0; t < in_.months; ++t) {
      const bool bought_ones = t >= lead + life && offer(p).buy_usd;
      const std::int64_t before = t == 0 ? 0 : in_.expired[p][s][t - 1];
      if (in_.expired[p][s][t] == before && !bought_ones) continue;
      MipProgram::Constraint row{
          "age" + tag({p, s, t}), static_cast<double>(in_.expired[p][s][t]), kNoLimit, "", {}};
      for (std::size_t u = 0; u <= t; ++u) row.terms.emplace_back(out_.retired[p][s][u], 1);
      if (bought_ones)
        for (std::size_t u = 0; u + lead + life <= t; ++u)
          if (out_.orders[p][s][u] >= 0) row.terms.emplace_back(out_.orders[p][s][u], -1);
      program().constraints.push_back(std::move(row));
    }
  }

  void add_demand(std::size_t w, std::size_t t) {
    const Demand& d = in_.scenario.demands[w];
    if (in_.plan_rate[w][t] <= 0) return;
    MipProgram::Constraint row{"demand" + tag({w, t}), 1, 1, "demand of " + d.id, {}};
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s)
        if (in_.pairing[w][p].suitable && in_.may_run[w][s] && may_exist(p, s)) add_share(w, p, s, t, row);
    if (d.unmet_usd) {
      out_.unmet[w][t] = program().add(
          {"z" + tag({w, t}), 0, 1, in_.requests(w, t) * *d.unmet_usd * in_.discount[t], Domain::continuous});
      row.terms.emplace_back(out_.unmet[w][t], 1);
    }
    if (row.terms.empty() && row.lower == 0) return;
    if (row.terms.empty()) row.terms.emplace_back(impossible(), 1);
    program().constraints.push_back(std::move(row));
  }

  bool may_exist(std::size_t p, std::size_t s) const {
    return out_.owned[p][s][0] >= 0 || out_.rented[p][s][0] >= 0;
  }

  /// A variable that is zero, for a row that nothing can fill.
  std::int32_t impossible() {
    if (impossible_ < 0) impossible_ = program().add({"nothing", 0, 0, 0, Domain::continuous});
    return impossible_;
  }

  void add_share(std::size_t w, std::size_t p, std::size_t s, std::size_t t, MipProgram::Constraint& row) {
    const double usd = in_.busy(w, p, t) * in_.kwh_busy(p, s) * in_.usd_per_kwh(s) * in_.discount[t];
    double lower = 0, upper = 1;
    if (in_.interactive(w) && out_.form == PoolForm::fixed) {
      const FixedPool& pool = (*fixed_)[w][p][s][t];
      if (pool.workers == 0) return;
      // A demand that may stay unmet may close the pool; any other keeps it.
      if (in_.scenario.demands[w].unmet_usd) return add_closable(w, p, s, t, row, usd);
      lower = upper = pool.share;
      constant_[p][s][t] += static_cast<double>(pool.workers) / in_.devices(p);
    }
    const std::int32_t f = program().add({"f" + tag({w, p, s, t}), lower, upper, usd, Domain::continuous});
    out_.share[w][p][s][t] = f;
    row.terms.emplace_back(f, 1);
    if (in_.interactive(w) && out_.form == PoolForm::fixed) return;
    if (in_.interactive(w) && out_.form == PoolForm::exact) return add_choice(w, p, s, t, f);
    double servers = relaxed_servers(in_, w, p, t);
    if (fixed_ != nullptr && in_.interactive(w)) {
      const FixedPool& pool = (*fixed_)[w][p][s][t];
      servers = static_cast<double>(pool.workers) / pool.share / in_.devices(p);
    }
    need_[p][s][t].emplace_back(f, servers);
  }

  void add_closable(std::size_t w, std::size_t p, std::size_t s, std::size_t t, MipProgram::Constraint& row,
                    double usd) {
    const FixedPool& pool = (*fixed_)[w][p][s][t];
    const std::string at = tag({w, p, s, t});
    const std::int32_t open = program().add({"o" + at, 0, 1, 0, Domain::integer});
    const std::int32_t f = program().add({"f" + at, 0, pool.share, usd, Domain::continuous});
    program().constraints.push_back({"open" + at, -kNoLimit, 0, "", {{f, 1}, {open, -pool.share}}});
    out_.share[w][p][s][t] = f;
    out_.open.push_back(open);
    row.terms.emplace_back(f, 1);
    need_[p][s][t].emplace_back(open, static_cast<double>(pool.workers) / in_.devices(p));
  }

  void add_choice(std::size_t w, std::size_t p, std::size_t s, std::size_t t, std::int32_t f) {
    const Pairing& pair = in_.pairing[w][p];
    const double load = in_.load(w, p, t);
    const std::int64_t most = fewest_workers(load, pair.target);
    MipProgram::Constraint covers{"pool" + tag({w, p, s, t}), -kNoLimit, 0, "", {{f, 1}}};
    MipProgram::Constraint one{"one" + tag({w, p, s, t}), -kNoLimit, 1, "", {}};
    std::int32_t first = -1;
    for (std::int64_t k = 1; k <= most; ++k) {
      const std::int32_t z =
          program().add({"k" + tag({w, p, s, t, static_cast<std::size_t>(k)}), 0, 1, 0, Domain::integer});
      if (k == 1) first = z;
      covers.terms.emplace_back(z, -std::min(1.0, capacity(k, pair.target) / load * kInside));
      one.terms.emplace_back(z, 1);
      need_[p][s][t].emplace_back(z, static_cast<double>(k) / in_.devices(p));
    }
    out_.choices.push_back({w, p, s, t, first, most});
    program().constraints.push_back(std::move(covers));
    program().constraints.push_back(std::move(one));
  }

  /// Work and spare within what works of the owned and rented.
  void add_capacity(std::size_t p, std::size_t s, std::size_t t) {
    if (need_[p][s][t].empty() && constant_[p][s][t] == 0) return;
    MipProgram::Constraint row{"capacity" + tag({p, s, t}), -kNoLimit, -constant_[p][s][t], "",
                               need_[p][s][t]};
    const double works = offer(p).availability.value_or(1);
    if (out_.owned[p][s][t] >= 0) row.terms.emplace_back(out_.owned[p][s][t], -works);
    if (out_.rented[p][s][t] >= 0) row.terms.emplace_back(out_.rented[p][s][t], -works);
    if (in_.scenario.policy.spare_server) add_spare(p, s, t, row);
    program().constraints.push_back(std::move(row));
  }

  void add_spare(std::size_t p, std::size_t s, std::size_t t, MipProgram::Constraint& row) {
    const double lower = constant_[p][s][t] > 0 ? 1 : 0;
    const std::int32_t y = program().add({"y" + tag({p, s, t}), lower, 1, 0, Domain::integer});
    out_.spare[p][s][t] = y;
    row.terms.emplace_back(y, 1);
    for (const auto& [column, servers] : need_[p][s][t]) {
      const auto& v = program().variables[static_cast<std::size_t>(column)];
      program().constraints.push_back({"use" + v.name, -kNoLimit, 0, "", {{column, 1}, {y, -1}}});
    }
  }

  template <class Weight>
  void add_site_limit(std::size_t s, const std::string& name, double limit, const Weight& weight) {
    for (std::size_t t = 0; t < in_.months; ++t) {
      MipProgram::Constraint row{
          name + tag({s, t}), -kNoLimit, limit, name + " at " + in_.scenario.sites[s].id, {}};
      for (std::size_t p = 0; p < in_.offers; ++p)
        if (out_.owned[p][s][t] >= 0 && weight(offer(p)) > 0)
          row.terms.emplace_back(out_.owned[p][s][t], weight(offer(p)));
      if (!row.terms.empty()) program().constraints.push_back(std::move(row));
    }
  }

  void add_site_limits() {
    for (std::size_t s = 0; s < in_.sites; ++s) {
      const SupplySite& site = in_.scenario.sites[s];
      // In kW, so that the rows are of the size of the others.
      const auto kw = [](const ServerOffer& o) { return o.load_w / 1000; };
      add_site_limit(s, "power", site.power_w / 1000, kw);
      if (site.cooling_w) add_site_limit(s, "cooling", *site.cooling_w / 1000, kw);
      add_site_limit(s, "racks", site.rack_units, [](const ServerOffer& o) { return o.rack_units; });
    }
  }

  void add_stock() {
    for (std::size_t p = 0; p < in_.offers; ++p) {
      if (!offer(p).stock_per_month) continue;
      for (std::size_t t = 0; t < in_.months; ++t) {
        MipProgram::Constraint row{"stock" + tag({p, t}),
                                   -kNoLimit,
                                   static_cast<double>(*offer(p).stock_per_month),
                                   "stock of " + offer(p).id,
                                   {}};
        for (std::size_t s = 0; s < in_.sites; ++s)
          if (out_.orders[p][s][t] >= 0) row.terms.emplace_back(out_.orders[p][s][t], 1);
        if (!row.terms.empty()) program().constraints.push_back(std::move(row));
      }
    }
  }

  void add_years() {
    const PlanPolicy& policy = in_.scenario.policy;
    for (std::size_t year = 0; year * 12 < in_.months; ++year) {
      if (!policy.budget_usd_per_year.empty()) {
        const double limit =
            policy.budget_usd_per_year[std::min(year, policy.budget_usd_per_year.size() - 1)];
        MipProgram::Constraint row{"budget" + tag({year}),
                                   -kNoLimit,
                                   limit / 1000,
                                   "budget of year " + std::to_string(year + 1),
                                   {}};
        for_year(year, [&](std::size_t p, std::size_t s, std::size_t t) {
          if (out_.orders[p][s][t] >= 0)
            row.terms.emplace_back(out_.orders[p][s][t], *offer(p).buy_usd / 1000);
        });
        if (!row.terms.empty()) program().constraints.push_back(std::move(row));
      }
      if (policy.carbon_cap_kg_per_year) add_carbon(year, *policy.carbon_cap_kg_per_year);
    }
  }

  template <class Do>
  void for_year(std::size_t year, const Do& action) {
    for (std::size_t t = year * 12; t < std::min(in_.months, year * 12 + 12); ++t)
      for (std::size_t p = 0; p < in_.offers; ++p)
        for (std::size_t s = 0; s < in_.sites; ++s) action(p, s, t);
  }

  /// In tonnes.
  void add_carbon(std::size_t year, double cap_kg) {
    const double months = static_cast<double>(std::min(in_.months, year * 12 + 12) - year * 12);
    MipProgram::Constraint row{"carbon" + tag({year}),
                               -kNoLimit,
                               cap_kg / 1000 * months / 12,
                               "carbon cap of year " + std::to_string(year + 1),
                               {}};
    for_year(year, [&](std::size_t p, std::size_t s, std::size_t t) {
      const double t_per_kwh = in_.scenario.sites[s].carbon_g_per_kwh * 1e-6;
      if (out_.orders[p][s][t] >= 0)
        row.terms.emplace_back(out_.orders[p][s][t], offer(p).embodied_kg.value_or(0) / 1000);
      for (const std::int32_t c : {out_.owned[p][s][t], out_.rented[p][s][t]})
        if (c >= 0) row.terms.emplace_back(c, in_.kwh_idle(p, s) * t_per_kwh);
      for (std::size_t w = 0; w < in_.demands; ++w)
        if (const std::int32_t f = out_.share[w][p][s][t]; f >= 0)
          row.terms.emplace_back(f, in_.busy(w, p, t) * in_.kwh_busy(p, s) * t_per_kwh);
    });
    if (!row.terms.empty()) program().constraints.push_back(std::move(row));
  }

  /// Of installed power, from the month in which the slowest offer can have arrived.
  void add_vendors() {
    const auto& share = in_.scenario.policy.max_vendor_share;
    if (!share) return;
    std::size_t from = 0;
    std::vector<std::string> vendors;
    for (std::size_t p = 0; p < in_.offers; ++p) {
      from = std::max(from, static_cast<std::size_t>(offer(p).lead_months));
      if (std::ranges::find(vendors, offer(p).vendor) == vendors.end()) vendors.push_back(offer(p).vendor);
    }
    for (std::size_t v = 0; v < vendors.size(); ++v)
      for (std::size_t t = from; t < in_.months; ++t) add_vendor(vendors[v], tag({v, t}), t, *share);
  }

  void add_vendor(const std::string& vendor, const std::string& row_tag, std::size_t t, double share) {
    MipProgram::Constraint row{"vendor" + row_tag, -kNoLimit, 0, "share of " + vendor, {}};
    for (std::size_t p = 0; p < in_.offers; ++p)
      for (std::size_t s = 0; s < in_.sites; ++s)
        if (out_.owned[p][s][t] >= 0)
          row.terms.emplace_back(out_.owned[p][s][t],
                                 offer(p).load_w / 1000 * ((offer(p).vendor == vendor ? 1 : 0) - share));
    if (!row.terms.empty()) program().constraints.push_back(std::move(row));
  }

  const PlanInstance& in_;
  const FixedPools* fixed_;
  Formulation out_;
  std::vector<std::vector<std::vector<Terms>>> need_;       // [p][s][t]
  std::vector<std::vector<std::vector<double>>> constant_;  // [p][s][t]
  std::int32_t impossible_ = -1;
};

}  // namespace

double relaxed_servers(const PlanInstance& in, std::size_t w, std::size_t p, std::size_t t) {
  const double load = in.load(w, p, t);
  if (!in.interactive(w)) return load / in.devices(p);
  // A share f with k workers needs capacity(k) >= f load. Utilisation grows with the size of a pool, so k / f
  // is least either at the largest pool that cannot hold the whole, or where one pool does.
  const WaitTarget& target = in.pairing[w][p].target;
  const std::int64_t whole = fewest_workers(load, target);
  const auto most = static_cast<double>(whole);
  const double smaller = capacity(whole - 1, target);
  const double workers = smaller > 0 ? std::min(most, (most - 1) * load / smaller) : most;
  return workers / in.devices(p);
}

double exact_pool_choices(const PlanInstance& in) {
  double sum = 0;
  for (std::size_t w = 0; w < in.demands; ++w) {
    if (!in.interactive(w)) continue;
    const auto places = static_cast<double>(std::ranges::count(in.may_run[w], true));
    for (std::size_t p = 0; p < in.offers; ++p)
      for (std::size_t t = 0; in.pairing[w][p].suitable && t < in.months; ++t)
        sum +=
            places * (in.load(w, p, t) > 1000
                          ? 1e9
                          : static_cast<double>(fewest_workers(in.load(w, p, t), in.pairing[w][p].target)));
  }
  return sum;
}

Formulation formulate(const PlanInstance& instance, PoolForm form, const FixedPools* fixed) {
  return Builder(instance, form, fixed).build();
}

}  // namespace ridgepoint
