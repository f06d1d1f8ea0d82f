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

/// The facts of a stage that may be absent, with the unit each has to have.
struct Optional {
  const char* key;
  const std::optional<Fact>& fact;
  const char* unit;
};

/// The amounts beside work and traffic; their sum goes to `sum`.
Result<void> check_optional(const std::string& where, const std::string& at, const Stage& s, double& sum) {
  const std::string elements_or_byte = s.working_set && s.working_set->unit == "1" ? "1" : "byte";
  for (const Optional& o : {Optional{"elements", s.elements, "1"}, Optional{"on_chip", s.on_chip, "1"},
                            Optional{"serial", s.serial, "1"}, Optional{"launches", s.launches, "1"},
                            Optional{"link", s.link, "byte"}, Optional{"exchange", s.exchange, "byte"},
                            Optional{"working_set", s.working_set, elements_or_byte.c_str()}}) {
    if (!o.fact) continue;
    if (auto ok = check_amount(where, at + o.key, *o.fact, o.unit); !ok) return ok;
    sum += o.fact->number();
  }
  return {};
}

Result<void> check_stage(const Stage& s, const std::string& where) {
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
  double sum = s.read.number() + s.written.number() + (s.work ? s.work->number() : 0);
  if (auto ok = check_optional(where, at, s, sum); !ok) return ok;
  if (sum <= 0)
    return fail(ErrorKind::bad_input, "'" + where + "': stage '" + s.id + "' has no work and no traffic", "",
                "give it work, read or written");
  return {};
}

Result<void> check_training(const Workload& w, const std::string& where) {
  for (std::size_t i = 0; i < w.convergence.size(); ++i)
    if (w.convergence[i].epochs <= 0 || w.convergence[i].batch <= (i > 0 ? w.convergence[i - 1].batch : 0))
      return fail(ErrorKind::bad_input,
                  "'" + where + "': convergence must rise in batch and hold positive epochs", "",
                  "sort the points by batch");
  for (const EpochRevision& r : w.epoch_revisions)
    if (auto ok = check_amount(where, "epoch_revisions", r.units, "1"); !ok) return ok;
  return {};
}

}  // namespace

Result<void> check_workload(const Workload& w, const std::string& where) {
  if (w.id.empty() || w.stages.empty())
    return fail(ErrorKind::bad_input, "'" + where + "' has no id or no stage", "nothing could be modelled",
                "give an id such as medical/name and at least one stage");
  if (auto ok = check_amount(where, "footprint", w.footprint, "byte"); !ok) return ok;
  for (const Stage& s : w.stages)
    if (auto ok = check_stage(s, where); !ok) return ok;
  for (const auto& [key, fact, unit] :
       {Optional{"parameters", w.parameters, "1"}, Optional{"storage", w.storage, "byte"},
        Optional{"epoch", w.epoch, "1"}})
    if (fact)
      if (auto ok = check_amount(where, key, *fact, unit); !ok) return ok;
  return check_training(w, where);
}

}  // namespace ridgepoint
