// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/core/format.h"
#include "model/core/peers.h"
#include "model/core/stats.h"
#include "workloads/kernel.h"

/// Programs that solve one problem, timed in turns in one process: A B, B A, A B ..., with the adjacent roof
/// between any two. Compare the answers first; nothing here does. The first contestant is ours.
namespace ridgepoint::peers {

struct Contestant {
  std::string name;
  std::function<void()> body;           ///< runs once on the threads given
  std::function<void()> reset = {};     ///< untimed, before each body
  std::string touches = {};             ///< which data one execution truly reads and writes, in words
  std::optional<double> quantity = {};  ///< what one execution needs of the roof; absent where unknown
};

struct Match {
  std::string kernel = {};   ///< the id that `run` knows; empty: none
  std::string subject = {};  ///< "Q6 wide, 60000000 rows"
  int threads = 1;
  double items = 0;         ///< rows, keys, nonzeros ... of one execution; 0: no rate is told
  std::string item = {};    ///< "row"
  std::string answer = {};  ///< how the answers were compared, and what it gave
  std::optional<AdjacentRoof> roof = {};
  std::vector<Contestant> contestants = {};
};

struct Sample {
  double wall_s = 0, cpu_s = 0;
  double roof_before = 0, roof_after = 0;  ///< 0 where there is no roof
  double pressure = 0;  ///< share of the time in which some task waited for a processor; < 0: not readable
  double steal_s = 0;   ///< processor time that the hypervisor gave to others; < 0: not readable
};

struct Series {
  std::string name, touches;
  std::optional<double> quantity = {};
  std::vector<Sample> samples = {};

  std::vector<double> walls() const { return column(&Sample::wall_s); }
  std::vector<double> column(double Sample::*member) const {
    std::vector<double> v;
    for (const Sample& s : samples) v.push_back(s.*member);
    return v;
  }
  /// Of each sample: quantity / time / mean of the roofs on both sides. Empty without a roof or a quantity.
  std::vector<double> shares() const {
    std::vector<double> v;
    for (const Sample& s : samples)
      if (quantity && s.roof_before + s.roof_after > 0)
        v.push_back(*quantity / s.wall_s / ((s.roof_before + s.roof_after) / 2));
    return v;
  }
};

struct Outcome {
  Match match;  ///< the bodies are no longer of use
  std::vector<Series> series = {};

  /// Peer's time / our time in each round: above 1 we are faster.
  std::vector<double> ratios(std::size_t peer) const {
    std::vector<double> v;
    for (std::size_t i = 0; i < series[0].samples.size(); ++i)
      v.push_back(series[peer].samples[i].wall_s / series[0].samples[i].wall_s);
    return v;
  }
  /// The ranges of the times overlap.
  bool tie(std::size_t peer) const {
    const Summary ours = summarise(series[0].walls()), theirs = summarise(series[peer].walls());
    return ours.min <= theirs.max && theirs.min <= ours.max;
  }
  PeerVerdict verdict(std::size_t peer) const {
    if (tie(peer)) return PeerVerdict::tie;
    return summarise(ratios(peer)).median > 1 ? PeerVerdict::win : PeerVerdict::loss;
  }
};

namespace detail {

inline double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto s = [](timeval t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return s(use.ru_utime) + s(use.ru_stime);
}

/// Microseconds since boot in which some task waited for a processor.
inline double pressure_us() {
  std::ifstream file("/proc/pressure/cpu");
  std::string line;
  std::getline(file, line);
  const auto at = line.find("total=");
  return at == std::string::npos ? -1 : std::strtod(line.c_str() + at + 6, nullptr);
}

inline double steal_seconds() {
  std::ifstream file("/proc/stat");
  std::string word;
  double v = 0;
  file >> word;
  for (int i = 0; i < 8; ++i) file >> v;
  return file ? v / 100 : -1;  // USER_HZ is 100 on every Linux of today
}

inline Sample time_once(const Contestant& c) {
  if (c.reset) c.reset();
  using Clock = std::chrono::steady_clock;
  const double pressure = pressure_us(), steal = steal_seconds(), cpu = cpu_seconds();
  const auto begin = Clock::now();
  c.body();
  Sample s;
  s.wall_s = std::chrono::duration<double>(Clock::now() - begin).count();
  s.cpu_s = cpu_seconds() - cpu;
  s.pressure = pressure < 0 ? -1 : (pressure_us() - pressure) * 1e-6 / s.wall_s;
  s.steal_s = steal < 0 ? -1 : steal_seconds() - steal;
  return s;
}

inline std::string range(const std::vector<double>& v, const std::function<std::string(double)>& show) {
  const Summary s = summarise(v);
  return show(s.median) + " (" + show(s.min) + " to " + show(s.max) + ")";
}

inline std::string times(double v) { return show_number(v) + "x"; }

}  // namespace detail

/// One warm-up of each, then `rounds` rounds. Who begins changes from round to round; the roof is measured
/// before the first sample and after every one.
inline Outcome interleave(Match match, int rounds) {
  Outcome out{std::move(match)};
  const auto rate = [&] { return out.match.roof && out.match.roof->rate ? out.match.roof->rate() : 0.0; };
  for (const Contestant& c : out.match.contestants) {
    out.series.push_back({c.name, c.touches, c.quantity});
    detail::time_once(c);
  }
  double before = rate();
  const std::size_t n = out.match.contestants.size();
  for (int round = 0; round < rounds; ++round)
    for (std::size_t turn = 0; turn < n; ++turn) {
      const std::size_t who = (turn + static_cast<std::size_t>(round)) % n;
      Sample s = detail::time_once(out.match.contestants[who]);
      s.roof_before = before;
      s.roof_after = before = rate();
      out.series[who].samples.push_back(s);
    }
  return out;
}

/// The values, or none where a negative one says that they could not be read.
inline std::vector<double> where_known(std::vector<double> values) {
  if (std::ranges::any_of(values, [](double v) { return v < 0; })) values.clear();
  return values;
}

inline PeerMatch to_match(const Outcome& o) {
  PeerMatch m{.kernel = o.match.kernel,
              .subject = o.match.subject,
              .threads = o.match.threads,
              .item = o.match.item,
              .answer = o.match.answer,
              .series = {}};
  if (o.match.items > 0) m.items = o.match.items;
  if (o.match.roof) {
    m.roof = o.match.roof->name;
    m.roof_unit = o.match.roof->unit;
  }
  for (std::size_t i = 0; i < o.series.size(); ++i) {
    const Series& s = o.series[i];
    PeerSeries one{.name = s.name,
                   .touches = s.touches,
                   .quantity = s.quantity,
                   .time_s = summarise(s.walls()),
                   .wall_s = s.walls(),
                   .cpu_s = s.column(&Sample::cpu_s),
                   .pressure = where_known(s.column(&Sample::pressure)),
                   .steal_s = where_known(s.column(&Sample::steal_s))};
    if (o.match.roof) {
      one.roof_before = s.column(&Sample::roof_before);
      one.roof_after = s.column(&Sample::roof_after);
    }
    if (!s.shares().empty()) one.roof_share = summarise(s.shares());
    if (i > 0) {
      one.ratio = summarise(o.ratios(i));
      one.verdict = o.verdict(i);
    }
    m.series.push_back(std::move(one));
  }
  return m;
}

inline std::string to_text(const Outcome& o) {
  std::ostringstream out;
  const Match& m = o.match;
  out << m.subject << ", " << m.threads << (m.threads == 1 ? " thread" : " threads")
      << "; answers: " << m.answer << "\n";
  for (std::size_t i = 0; i < o.series.size(); ++i) {
    const Series& s = o.series[i];
    out << "  " << s.name << ": " << detail::range(s.walls(), show_seconds) << ", n = " << s.samples.size();
    if (m.items > 0) out << ", " << show_rate(m.items / summarise(s.walls()).median, m.item + "/s");
    const auto cpu = summarise(s.column(&Sample::cpu_s));
    out << ", processor time " << show_seconds(cpu.median);
    if (!s.shares().empty())
      out << ", " << detail::range(s.shares(), show_percent) << " of the adjacent " << m.roof->name
          << " roof";
    out << "\n    touches: " << (s.touches.empty() ? "not known" : s.touches);
    const auto pressure = summarise(s.column(&Sample::pressure));
    if (pressure.min >= 0)
      out << "; others waited for a processor " << show_percent(pressure.median) << " of the time";
    out << "\n";
    if (i == 0) continue;
    out << "    " << o.series[0].name << " against it: " << detail::range(o.ratios(i), detail::times) << ", "
        << (o.tie(i) ? "tie (the ranges of the times overlap)" : name_of(o.verdict(i))) << "\n";
  }
  if (m.roof) {
    std::vector<double> rates;
    for (const Series& s : o.series)
      for (const Sample& x : s.samples) rates.push_back(x.roof_after);
    out << "  adjacent " << m.roof->name
        << " roof: " << detail::range(rates, [&](double v) { return show_rate(v, m.roof->unit); }) << "\n";
  }
  return out.str();
}

}  // namespace ridgepoint::peers
