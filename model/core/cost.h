// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// A modelled number with its 10 % to 90 % interval.
struct Interval {
  double value = 0, lo = 0, hi = 0;
};

template <class Io>
void fields(Io& io, Interval& i) {
  io.field("value", i.value);
  io.field("lo", i.lo);
  io.field("hi", i.hi);
}

/// How a machine is paid for.
enum class CostBasis { rented, reserved, spot, owned };

constexpr auto names(CostBasis) {
  return enum_names<CostBasis>({{CostBasis::rented, "rented"},
                                {CostBasis::reserved, "reserved"},
                                {CostBasis::spot, "spot"},
                                {CostBasis::owned, "owned"}});
}

/// One named part of a cost. Totals are sums of items.
struct CostItem {
  std::string name;  ///< "rent", "capital", "electricity" ...
  double value = 0;
  std::string unit;              ///< usd, usd/h, usd/month, g
  std::string how;               ///< the formula with its numbers, for a person
  Basis basis = Basis::assumed;  ///< the weakest of its inputs
  std::string source;
  std::optional<double> lo, hi;  ///< 10 % to 90 %, where an input has a spread
};

template <class Io>
void fields(Io& io, CostItem& i) {
  io.field("name", i.name);
  io.field("value", i.value);
  io.field("unit", i.unit);
  io.field("how", i.how);
  io.field("basis", i.basis);
  io.field("source", i.source);
  io.field("lo", i.lo);
  io.field("hi", i.hi);
}

/// A number that a total lacks, and how to give it.
struct MissingNumber {
  std::string what, fix;
};

template <class Io>
void fields(Io& io, MissingNumber& m) {
  io.field("what", m.what);
  io.field("fix", m.fix);
}

/// Items in one unit. `total` is their sum; absent when any number is missing, never zero for it.
struct Bill {
  std::string title;  ///< "owned, a month"
  std::string unit;
  std::vector<CostItem> items;
  std::vector<MissingNumber> missing;
  std::optional<Interval> total;
  bool stale = false;  ///< a price in it was last seen more than 3 months before the date of the question
};

template <class Io>
void fields(Io& io, Bill& b) {
  io.field("title", b.title);
  io.field("unit", b.unit);
  io.field("items", b.items);
  io.field("missing", b.missing);
  io.field("total", b.total);
  io.field("stale", b.stale);
}

/// The same machine or job under one way of paying.
struct CostLine {
  CostBasis basis = CostBasis::rented;
  std::string title;
  std::optional<Interval> usd_per_month, usd_per_useful_hour, usd_per_job;
};

template <class Io>
void fields(Io& io, CostLine& l) {
  io.field("basis", l.basis);
  io.field("title", l.title);
  io.field("usd_per_month", l.usd_per_month);
  io.field("usd_per_useful_hour", l.usd_per_useful_hour);
  io.field("usd_per_job", l.usd_per_job);
}

/// The document `cost`: what one platform costs, owned and rented, and what a job on it costs.
struct CostSheet {
  Provenance provenance;
  std::string platform_id, platform_name;
  std::string as_of;        ///< YYYY-MM
  std::string region;       ///< empty = any
  std::string not_on_sale;  ///< why it cannot be had at that date; empty when it can
  std::string workload_id, workload_name, unit_of_work;  ///< empty without a job
  double units = 1;  ///< units of work that a reader wants to see together
  std::optional<Interval> time_s;
  std::string no_time;  ///< why the job has no time
  std::vector<CostLine> lines;
  std::vector<Bill> bills;            ///< the machine's, a month or an hour
  std::vector<Bill> job_bills;        ///< energy and carbon of one job
  std::vector<std::string> findings;  ///< break-evens, a sentence each
  std::vector<Warning> warnings;
  Facts assumptions;  ///< those used
  std::vector<std::string> method;
};

template <class Io>
void fields(Io& io, CostSheet& s) {
  io.field("provenance", s.provenance);
  io.field("platform_id", s.platform_id);
  io.field("platform_name", s.platform_name);
  io.field("as_of", s.as_of);
  io.field("region", s.region);
  io.field("not_on_sale", s.not_on_sale);
  io.field("workload_id", s.workload_id);
  io.field("workload_name", s.workload_name);
  io.field("unit_of_work", s.unit_of_work);
  io.field("units", s.units);
  io.field("time_s", s.time_s);
  io.field("no_time", s.no_time);
  io.field("lines", s.lines);
  io.field("bills", s.bills);
  io.field("job_bills", s.job_bills);
  io.field("findings", s.findings);
  io.field("warnings", s.warnings);
  io.field("assumptions", s.assumptions);
  io.field("method", s.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const CostSheet&);
extern template Result<CostSheet> decode<CostSheet>(const Json&, const std::string&);

}  // namespace ridgepoint
