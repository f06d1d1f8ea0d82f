// SPDX-License-Identifier: Apache-2.0
#include "model/core/workload.h"

namespace ridgepoint {
namespace {

Result<void> check_amount(const std::string& where, const std::string& key, const Fact& fact,
                          const std::string& unit) {
  if (auto ok = check_fact(key, fact); !ok) return in_context("'" + where + "'", ok.error());
  if (!fact.is_number() || fact.unit != unit)
    return fail(ErrorKind::bad_input, "'" + where + "': '" + key + "' must be a number in " + unit, "",
                "convert it");
  return {};
}

}  // namespace

Result<void> check_workload(const Workload& w, const std::string& where) {
  if (w.id.empty() || w.stages.empty())
    return fail(ErrorKind::bad_input, "'" + where + "' has no id or no stage", "nothing could be modelled",
                "give an id such as medical/name and at least one stage");
  if (auto ok = check_amount(where, "footprint", w.footprint, "byte"); !ok) return ok;
  for (const Stage& s : w.stages) {
    const std::string at = "stages." + s.id + ".";
    if (s.work) {
      if (auto ok = check_amount(where, at + "work", *s.work, "flop"); !ok) return ok;
      if (s.precisions.empty())
        return fail(ErrorKind::bad_input, "'" + where + "': stage '" + s.id + "' has work but no precisions",
                    "the model would not know which compute roof serves it",
                    "add precisions, for example [\"fp32\"]");
    }
    if (auto ok = check_amount(where, at + "read", s.read, "byte"); !ok) return ok;
    if (auto ok = check_amount(where, at + "written", s.written, "byte"); !ok) return ok;
    if (s.read.number() + s.written.number() + (s.work ? s.work->number() : 0) <= 0)
      return fail(ErrorKind::bad_input, "'" + where + "': stage '" + s.id + "' has no work and no traffic",
                  "", "give it work, read or written");
  }
  return {};
}

}  // namespace ridgepoint
