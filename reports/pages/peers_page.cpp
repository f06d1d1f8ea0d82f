// SPDX-License-Identifier: Apache-2.0
#include "model/core/peers.h"

#include <algorithm>
#include <map>

#include "model/core/format.h"
#include "reports/pages/pages.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

Text ends_of(const Summary& s, std::string_view unit) { return range(s.min, s.max, unit); }

Text verdict_of(const PeerSeries& s) {
  if (!s.verdict) return quiet("ours");
  switch (*s.verdict) {
    case PeerVerdict::win:
      return toned("win", Tone::good);
    case PeerVerdict::tie:
      return toned("tie", Tone::caution);
    case PeerVerdict::loss:
      return toned("loss", Tone::bad);
  }
  return {};
}

Text lead_of(const PeerComparison& c) {
  std::map<PeerVerdict, std::size_t> count;
  for (const PeerMatch& m : c.matches)
    for (const PeerSeries& s : m.series)
      if (s.verdict) ++count[*s.verdict];
  Text lead = counted(c.matches.size(), "problem", "problems") + " solved in turns with the peers: ";
  lead += counted(count[PeerVerdict::win], "win", "wins") + ", " +
          counted(count[PeerVerdict::tie], "tie", "ties") + ", " +
          counted(count[PeerVerdict::loss], "loss", "losses") + ".";
  if (!c.skipped.empty())
    lead += " " + counted(c.skipped.size(), "comparison", "comparisons") + " could not be made.";
  return lead;
}

Table ratios_table(const PeerComparison& c) {
  Table table;
  table.caption = "Our time against each peer's (its time / ours, above 1 ours is shorter)";
  table.columns = {{"Problem", Align::text},
                   {"Threads", Align::number},
                   {"Peer", Align::text},
                   {"Ratio", Align::number},
                   {"Lowest to highest", Align::number},
                   {"Rounds", Align::number},
                   {"Verdict", Align::text},
                   {"Our share of the roof beside it", Align::number}};
  for (const PeerMatch& m : c.matches) {
    const auto share = m.series.empty() ? std::nullopt : m.series.front().roof_share;
    for (const PeerSeries& s : m.series) {
      if (!s.ratio) continue;
      table.rows.push_back(
          {{m.subject, quantity(static_cast<double>(m.threads), "1"), s.name, quantity(s.ratio->median, "1"),
            ends_of(*s.ratio, "1"), quantity(static_cast<double>(s.ratio->n), "1"), verdict_of(s),
            share ? percent(share->median) + " of " + m.roof.value_or("its roof") : quiet("unknown")},
           Emphasis::none});
    }
  }
  return table;
}

Table times_table(const PeerComparison& c) {
  Table table;
  table.caption = "Times, and the data each truly touched";
  table.columns = {{"Problem", Align::text},
                   {"Threads", Align::number},
                   {"Program", Align::text},
                   {"Median time", Align::number},
                   {"Lowest to highest", Align::number},
                   {"Rate", Align::number},
                   {"Share of the roof", Align::number},
                   {"Bytes", Align::number},
                   {"Touches", Align::text}};
  for (const PeerMatch& m : c.matches)
    for (const PeerSeries& s : m.series) {
      const bool rated = m.items && s.time_s.median > 0;
      const bool bytes = s.quantity && m.roof_unit.value_or("") == "B/s";
      table.rows.push_back(
          {{m.subject, quantity(static_cast<double>(m.threads), "1"), s.name, quantity(s.time_s.median, "s"),
            ends_of(s.time_s, "s"),
            rated ? derived(*m.items / s.time_s.median, "1") + " " + m.item + "/s" : quiet("unknown"),
            s.roof_share ? percent(s.roof_share->median) +
                               aside(percent(s.roof_share->min) + " to " + percent(s.roof_share->max))
                         : quiet("unknown"),
            bytes ? quantity(*s.quantity, "byte") : quiet("unknown"), or_else(s.touches, "unknown")},
           Emphasis::none});
    }
  return table;
}

Table answers_table(const PeerComparison& c) {
  Table table;
  table.caption = "How the answers were compared before the times";
  table.columns = {{"Problem", Align::text}, {"Kernel", Align::text}, {"Answers", Align::text}};
  for (const PeerMatch& m : c.matches)
    table.rows.push_back(
        {{m.subject, or_else(m.kernel, "none"), or_else(m.answer, "unknown")}, Emphasis::none});
  return table;
}

/// What a reader must know of the machine: waiting tasks and processors lent to others.
Table quiet_table(const PeerComparison& c) {
  Table table;
  table.caption = "How quiet the machine was";
  table.columns = {{"Problem", Align::text},
                   {"Program", Align::text},
                   {"Tasks waited for a processor", Align::number},
                   {"Processor time lent to others", Align::number}};
  for (const PeerMatch& m : c.matches)
    for (const PeerSeries& s : m.series) {
      if (s.pressure.empty() && s.steal_s.empty()) continue;
      double stolen = 0;
      for (const double v : s.steal_s) stolen += v;
      table.rows.push_back(
          {{m.subject, s.name,
            s.pressure.empty() ? quiet("unknown") : percent(quantile(s.pressure, 0.5), Origin::derived),
            s.steal_s.empty() ? quiet("unknown") : derived(stolen, "s")},
           Emphasis::none});
    }
  return table;
}

Table skipped_table(const std::vector<SkippedMatch>& skipped) {
  Table table;
  table.caption = "Comparisons that could not be made";
  table.columns = {{"Problem", Align::text}, {"Reason", Align::text}};
  for (const SkippedMatch& s : skipped)
    table.rows.push_back({{s.subject, or_else(s.reason, "unknown")}, Emphasis::none});
  return table;
}

Section versions_section(const std::map<std::string, std::string>& versions) {
  KeyValues list;
  for (const auto& [peer, version] : versions) list.rows.push_back({peer, or_else(version, "unknown")});
  return {"Versions", {list}, Depth::detail};
}

}  // namespace

Result<Page> peers_page(const Document& document) {
  return decode<PeerComparison>(document.body, document.schema).map([](const PeerComparison& c) {
    Page page;
    page.kind = "Peers";
    page.title = "Beside its peers: " + c.topic;
    page.lead = lead_of(c);
    if (Table ratios = ratios_table(c); !ratios.rows.empty()) {
      const Text rule =
          "Each ratio is of two times of the same round; ranges of times that overlap are a tie. The roof is "
          "measured "
          "before and after every sample.";
      page.sections.push_back({"Ratios", {ratios, Paragraph{rule}}});
    }
    if (!c.matches.empty()) {
      page.sections.push_back({"Times", {times_table(c)}});
      page.sections.push_back({"Answers", {answers_table(c)}});
    }
    if (Table noise = quiet_table(c); !noise.rows.empty())
      page.sections.push_back({"Noise", {noise}, Depth::detail});
    if (!c.skipped.empty()) page.sections.push_back({"Skipped", {skipped_table(c.skipped)}});
    if (!c.versions.empty()) page.sections.push_back(versions_section(c.versions));
    add_provenance(page, c.provenance);
    return page;
  });
}

}  // namespace ridgepoint::report
