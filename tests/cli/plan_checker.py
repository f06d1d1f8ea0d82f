# SPDX-License-Identifier: Apache-2.0
"""Checks a plan against its scenario. Written apart from the planner: it shares no code with it, only the documents.
Every promise of a plan is recomputed from the scenario: conservation of servers and work, room, stock, budget, carbon,
vendors, spares, residency, the wait by Erlang C, and the money."""
import math
from collections import defaultdict

HOURS = 730.0


def growth_rate(demand, case):
    return demand["growth"][case]


def rates(scenario, demand, month):
    mean = demand["requests_per_s"] * (1 + growth_rate(demand, scenario["growth"])) ** (month / 12)
    if demand.get("season"):
        mean *= demand["season"][month % 12]
    if demand["kind"] == "interactive":
        return mean, mean * demand["peak_factor"]
    rest = min(1.0, max(0.0, 1 - demand.get("deadline_h", 24) / 24))
    return mean, mean * (1 + (demand["peak_factor"] - 1) * rest)


def wait_probability(servers, load):
    """Erlang C by the sum of log terms, another way than the recursion that the planner uses."""
    if load >= servers:
        return 1.0
    if load <= 0:
        return 0.0
    logs = [k * math.log(load) - math.lgamma(k + 1) for k in range(servers)]
    last = servers * math.log(load) - math.lgamma(servers + 1) + math.log(servers / (servers - load))
    top = max(max(logs), last)
    return math.exp(last - top) / (sum(math.exp(v - top) for v in logs) + math.exp(last - top))


class Check:
    def __init__(self, plan):
        self.plan, self.scenario, self.troubles = plan, plan["scenario"], []
        self.offers = {o["id"]: o for o in self.scenario["offers"]}
        self.sites = {s["id"]: s for s in self.scenario["sites"]}
        self.demands = {d["id"]: d for d in self.scenario["demands"]}
        self.speed = {(s["demand"], s["offer"]): s for s in plan["suitability"]}
        self.fleet = {(f["offer"], f["site"], f["month"]): f for f in plan["fleet"]}
        self.months = self.scenario["months"]

    def need(self, good, what):
        if not good:
            self.troubles.append(what)

    def near(self, a, b, what, tolerance=1e-6):
        self.need(abs(a - b) <= tolerance * max(1.0, abs(a), abs(b)), f"{what}: {a} is not {b}")

    def count(self, offer, site, month, key):
        return self.fleet.get((offer, site, month), {}).get(key, 0)

    def all(self):
        self.need(len(self.plan["months"]) == self.months, "a month is missing")
        self.throughputs()
        self.servers()
        self.room()
        self.orders()
        self.work()
        self.vendors()
        self.money()
        self.bound()
        return self.troubles

    def throughputs(self):
        low = self.scenario["caution"] == "p90"
        for t in self.scenario["throughputs"]:
            seen = self.speed[t["demand"], t["offer"]]
            if seen["suitable"]:
                self.near(seen["per_s"], t.get("lo", t["per_s"]) if low else t["per_s"], f"throughput of {t['demand']} on {t['offer']}")

    def servers(self):
        start = defaultdict(int)
        for e in self.scenario["existing"]:
            start[e["offer"], e["site"]] += e["servers"]
        for offer in self.offers:
            o = self.offers[offer]
            for site in self.sites:
                before, gone = start[offer, site], 0
                for month in range(self.months):
                    ordered = self.count(offer, site, month, "ordered")
                    self.need(ordered == 0 or "buy_usd" in o, f"{offer} is not for sale")
                    self.need(self.count(offer, site, month, "rented") <= (o.get("rent_limit", 10**9) if "rent_usd_per_h" in o else 0), f"{offer} rented beyond its limit")
                    lead = o["lead_months"]
                    arrived = self.count(offer, site, month - lead, "ordered") if month >= lead else 0
                    owned, retired = self.count(offer, site, month, "owned"), self.count(offer, site, month, "retired")
                    self.need(min(ordered, owned, retired) >= 0, "a negative count")
                    self.need(owned == before + arrived - retired, f"{offer} at {site}, month {month}: {before} + {arrived} - {retired} is not {owned}")
                    before, gone = owned, gone + retired
                    old = sum(e["servers"] for e in self.scenario["existing"] if (e["offer"], e["site"]) == (offer, site) and e["age_months"] + month >= o["life_months"])
                    old += sum(self.count(offer, site, m, "ordered") for m in range(month - lead - o["life_months"] + 1))
                    self.need(gone >= old, f"{offer} at {site}, month {month}: {old} are too old, {gone} have gone")

    def room(self):
        for site, s in self.sites.items():
            for month in range(self.months):
                power = sum(self.count(o, site, month, "owned") * v["load_w"] for o, v in self.offers.items())
                units = sum(self.count(o, site, month, "owned") * v["rack_units"] for o, v in self.offers.items())
                limit = min(s["power_w"], s.get("cooling_w", s["power_w"]))
                self.need(power <= limit * (1 + 1e-9) + 1e-6, f"power at {site} in month {month}: {power} > {limit}")
                self.need(units <= s["rack_units"] + 1e-6, f"racks at {site} in month {month}")

    def orders(self):
        for offer, o in self.offers.items():
            for month in range(self.months):
                if "stock_per_month" in o:
                    self.need(sum(self.count(offer, s, month, "ordered") for s in self.sites) <= o["stock_per_month"], f"stock of {offer} in month {month}")
        budget = self.scenario["policy"].get("budget_usd_per_year", [])
        for year in range((self.months + 11) // 12):
            months = range(year * 12, min(self.months, year * 12 + 12))
            spent = sum(self.count(o, s, m, "ordered") * v.get("buy_usd", 0) for o, v in self.offers.items() for s in self.sites for m in months)
            if budget:
                self.need(spent <= budget[min(year, len(budget) - 1)] * (1 + 1e-7) + 0.01, f"budget of year {year + 1}")
            cap = self.scenario["policy"].get("carbon_cap_kg_per_year")
            if cap is not None:
                kg = sum(self.plan["months"][m]["co2e_kg"] for m in months)
                self.need(kg <= cap * len(months) / 12 * (1 + 1e-6), f"carbon of year {year + 1}: {kg}")

    def work(self):
        served, needed, self.busy = defaultdict(float), defaultdict(float), defaultdict(float)
        for w in self.plan["work"]:
            d, o, pair = self.demands[w["demand"]], self.offers[w["offer"]], self.speed[w["demand"], w["offer"]]
            at = f"{w['demand']} on {w['offer']} at {w['site']}, month {w['month']}"
            self.need(pair["suitable"], f"{at}: not suitable ({pair['reason']})")
            self.need(not d.get("sites") or w["site"] in d["sites"], f"{at}: the data may not be there")
            self.need(not d.get("offers") or w["offer"] in d["offers"], f"{at}: not allowed")
            served[w["demand"], w["month"]] += w["share"]
            mean, sized = rates(self.scenario, d, w["month"])
            self.near(w["rate_per_s"], w["share"] * sized, f"{at}: rate")
            load = w["rate_per_s"] / pair["per_s"]
            servers = load / o["devices"]
            if d["kind"] == "interactive":
                servers = w["workers"] / o["devices"]
                factor = (d.get("arrival_scv", 1) + d.get("service_scv", 1)) / 2
                patience = d["latency_s"] - 1 / pair["per_s"]
                self.need(patience > 0, f"{at}: too slow for the latency")
                late = wait_probability(w["workers"], load) * math.exp(-(w["workers"] - load) * patience * pair["per_s"] / max(factor, 1e-9))
                self.need(late <= d["late_share"] * (1 + 1e-5), f"{at}: {late} late, {d['late_share']} allowed")
                self.need(abs(late - w["late_share"]) < 1e-6 + 1e-4 * late, f"{at}: late share {w['late_share']}, recomputed {late}")
            needed[w["offer"], w["site"], w["month"]] += servers
            self.busy[w["offer"], w["site"], w["month"]] += w["share"] * mean / pair["per_s"] / o["devices"]
        for s in self.plan["shortfall"]:
            served[s["demand"], s["month"]] += s["share"]
            self.need("unmet_usd" in self.demands[s["demand"]], f"{s['demand']} must be served whole")
        for d in self.demands.values():
            for month in range(self.months):
                if rates(self.scenario, d, month)[1] > 0:
                    self.near(served[d["id"], month], 1, f"{d['id']}, month {month}: served and unmet", 1e-5)
        spare = 1 if self.scenario["policy"]["spare_server"] else 0
        for (offer, site, month), servers in needed.items():
            there = self.count(offer, site, month, "owned") + self.count(offer, site, month, "rented")
            works = there * self.offers[offer].get("availability", 1)
            self.need(servers + spare <= works + 1e-4 * max(1, works), f"{offer} at {site}, month {month}: {servers} + {spare} of {works}")

    def vendors(self):
        share = self.scenario["policy"].get("max_vendor_share")
        if share is None:
            return
        for month in range(max(o["lead_months"] for o in self.offers.values()), self.months):
            power = defaultdict(float)
            for offer, o in self.offers.items():
                power[o["vendor"]] += sum(self.count(offer, s, month, "owned") * o["load_w"] for s in self.sites)
            for vendor, watts in power.items():
                self.need(watts <= share * sum(power.values()) * (1 + 1e-6) + 0.1, f"share of {vendor} in month {month}")

    def money(self):
        policy, total = self.scenario["policy"], 0.0
        base, price = 1 + policy["discount_per_year"], policy.get("carbon_usd_per_t", 0) / 1000
        for month in range(self.months):
            usd = kwh_sum = 0.0
            for offer, o in self.offers.items():
                for site, s in self.sites.items():
                    owned, rented, ordered = (self.count(offer, site, month, k) for k in ("owned", "rented", "ordered"))
                    busy = self.busy[offer, site, month]
                    idle, more = (w / 1000 * HOURS * s["pue"] for w in (o["idle_w"], o["load_w"] - o["idle_w"]))
                    kwh_sum += (owned + rented) * idle + busy * more
                    usd += ordered * (o.get("buy_usd", 0) + o.get("embodied_kg", 0) * price) + rented * o.get("rent_usd_per_h", 0) * HOURS
                    usd += (owned * idle + busy * more) * s["electricity_usd_per_kwh"]
                    usd += ((owned + rented) * idle + busy * more) * s["carbon_g_per_kwh"] / 1000 * price
                    usd += owned * (o["load_w"] / 1000 * s.get("space_usd_per_kw_month", 0) + o.get("buy_usd", 0) * o.get("maintenance_per_year", 0) / 12)
                    used = self.months - month - o["lead_months"]
                    back = ordered * o.get("buy_usd", 0) * o.get("residual", 0) * min(1, max(0, 1 - used / o["life_months"]))
                    total -= back * base ** (-self.months / 12)
            for short in self.plan["shortfall"]:
                if short["month"] == month:
                    d = self.demands[short["demand"]]
                    usd += short["share"] * rates(self.scenario, d, month)[0] * HOURS * 3600 * d["unmet_usd"]
            total += usd * base ** (-month / 12)
            self.near(self.plan["months"][month]["energy_kwh"], kwh_sum, f"energy of month {month}", 1e-6)
        self.near(self.plan["sums"]["usd"], total, "the cost", 1e-6)

    def bound(self):
        low = self.plan.get("lower_bound_usd")
        self.need(low is None or low <= self.plan["sums"]["usd"] * (1 + 1e-9) + 1e-6, "the bound is above the cost")


def troubles_of(plan):
    return Check(plan).all()
