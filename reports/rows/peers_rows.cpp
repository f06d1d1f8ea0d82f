// SPDX-License-Identifier: Apache-2.0
#include "model/core/peers.h"
#include "reports/rows/row_sets.h"

namespace ridgepoint::report {

Result<Rows> peers_rows(const Document& document) {
  return decode<PeerComparison>(document.body, document.schema).map([](const PeerComparison& c) {
    Rows rows;
    TidyRow common;
    common.time = c.provenance.created;
    for (const PeerMatch& m : c.matches) {
      common.workload = m.kernel.empty() ? m.subject : m.kernel;
      for (const PeerSeries& s : m.series) {
        common.scenario = m.subject + ", " + std::to_string(m.threads) + " threads, " + s.name;
        RowMaker make(rows, common);
        make.add("time", "s", s.time_s.median, Basis::measured, s.time_s.min, s.time_s.max);
        if (s.roof_share)
          make.add("roof-share." + m.roof.value_or("roof"), "1", s.roof_share->median, Basis::derived,
                   s.roof_share->min, s.roof_share->max);
        if (s.ratio) make.add("peer.ratio", "1", s.ratio->median, Basis::derived, s.ratio->min, s.ratio->max);
      }
    }
    return rows;
  });
}

}  // namespace ridgepoint::report
