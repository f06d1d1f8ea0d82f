// SPDX-License-Identifier: Apache-2.0
#include "model/money/power.h"

#include "model/core/format.h"
#include "model/money/formulas.h"

namespace ridgepoint::money {
namespace {

std::string load_share_key(PlatformClass kind) {
  if (family_of(kind) == "cpu") return "power.load_share.cpu";
  return kind == PlatformClass::gpu ? "power.load_share.gpu" : "power.load_share.other";
}

/// Who owns or reserves a machine pays for its idle hours too.
bool pays_idle(CostBasis basis) { return basis == CostBasis::owned || basis == CostBasis::reserved; }

void lacks(Bill& bill, const std::string& what, const std::string& fix) {
  bill.missing.push_back({what, fix});
}

std::optional<Factor> grid_of(const Settings& s) {
  if (auto local = factor(s.assumptions, "grid.intensity." + s.region)) return local;
  return factor(s.assumptions, "grid.intensity");
}

void add_embodied(Bill& bill, const Platform& p, const Settings& s, const Factor& time_s) {
  const auto device = factor(s.assumptions, "embodied." + family_of(p.kind));
  const auto host = factor(s.assumptions, "embodied.host"), life = factor(s.assumptions, "life");
  const auto used = factor(s.assumptions, "utilisation");
  const auto shared = devices_per_server(p, s);
  if (!device || !host || !life || !used || !shared || used->value <= 0)
    return lacks(bill, "carbon of making the machine",
                 "give embodied.*, life and utilisation with --assumptions");
  const double u = pays_idle(s.basis) ? used->value : 1;
  const Factor making = *device + *host * exact(1 / *shared);
  const Factor share = time_s * inverse(*life * like(kHoursPerYear * 3600 * u, *used));
  bill.items.push_back(item("making", making * share, "g",
                            show_number(making.value / 1000) + " kg x the job's share of " +
                                show_number(life->value) + " years" +
                                (u < 1 ? " at " + show_percent(u) + " use" : "")));
}

}  // namespace

std::string family_of(PlatformClass kind) {
  return kind == PlatformClass::cpu || kind == PlatformClass::manycore_cpu ? "cpu" : "accelerator";
}

std::optional<double> devices_per_server(const Platform& p, const Settings& s) {
  if (const auto own = number(p.facts, "node.devices"); own && *own > 0) return own;
  return number(s.assumptions, "node.devices." + family_of(p.kind));
}

std::optional<Power> power_of(const Platform& p, const Settings& s) {
  const auto tdp = factor(p.facts, "power.tdp"), measured_load = factor(p.facts, "power.load");
  if (!tdp && !measured_load) return std::nullopt;
  const Factor board = tdp ? *tdp : *measured_load;
  const auto share = factor(s.assumptions, load_share_key(p.kind));
  const auto host = factor(s.assumptions, "power.host_share." + family_of(p.kind));
  const auto idle = factor(s.assumptions, "power.idle_share." + family_of(p.kind));
  Power power;
  if (!share || !host) {
    power.rated = power.device = measured_load ? *measured_load : board;
    power.host = Factor{0, 0, Basis::measured, {}};
    power.how = "board power (TDP), host and cooling left out";
    return power;
  }
  power.rated = board * (exact(1) + *host);
  power.device = measured_load ? *measured_load : board * *share;
  power.host = board * *host * *share;
  power.how = (measured_load ? show(measured_load->value, "w") + " measured"
                             : show_percent(share->value) + " of " + show(board.value, "w") + " TDP") +
              " + host " + show(power.host.value, "w") + ", cooling left out";
  if (const auto own = factor(p.facts, "power.idle"))
    power.idle = *own;
  else if (idle)
    power.idle = power.load() * *idle;
  return power;
}

Bill energy_of_job(const Platform& p, const Settings& s, const Factor& time_s) {
  Bill bill{"energy of one job", "j", {}, {}, {}, false};
  const auto power = power_of(p, s);
  if (!power) {
    lacks(bill, "the power of " + p.name, "give power.tdp, or power.load as measured, in a platform file");
    return bill;
  }
  bill.items.push_back(
      item("device", power->device * time_s, "j", show(power->device.value, "w") + " x time"));
  if (power->host.value > 0)
    bill.items.push_back(item("host", power->host * time_s, "j", show(power->host.value, "w") + " x time"));
  bill.total = total_of(bill.items);
  return bill;
}

Bill carbon_of_job(const Platform& p, const Settings& s, const Factor& time_s) {
  Bill bill{"carbon of one job", "g", {}, {}, {}, false};
  const auto power = power_of(p, s);
  const auto grid = grid_of(s);
  const auto pue = factor(s.assumptions, s.basis == CostBasis::owned ? "pue.owned" : "pue.cloud");
  const auto used = factor(s.assumptions, "utilisation");
  if (!power) lacks(bill, "the power of " + p.name, "give power.tdp in a platform file");
  if (!grid) lacks(bill, "the carbon intensity of the grid", "give --grid");
  if (!pue) lacks(bill, "PUE", "give pue.* with --assumptions");
  if (power && grid && pue) {
    const Factor per_joule = *pue * *grid * exact(1 / kJoulesPerKwh);
    const std::string how = " x PUE " + show_number(pue->value) + " x " + show_number(grid->value) + " g/kWh";
    const Factor load = power->load();
    bill.items.push_back(
        item("electricity", load * time_s * per_joule, "g", show(load.value, "w") + " x time" + how));
    if (pays_idle(s.basis) && used && used->value > 0 && power->idle)
      bill.items.push_back(item(
          "idle hours", *power->idle * time_s * like(1 / used->value - 1, *used) * per_joule, "g",
          show(power->idle->value, "w") + " x time x (1 / " + show_percent(used->value) + " - 1)" + how));
  }
  add_embodied(bill, p, s, time_s);
  if (bill.missing.empty()) bill.total = total_of(bill.items);
  return bill;
}

}  // namespace ridgepoint::money
