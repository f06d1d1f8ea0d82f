// SPDX-License-Identifier: Apache-2.0
#include "model/validation/replay.h"

#include <set>

#include "model/core/ports.h"
#include "model/core/text.h"
#include "model/validation/order.h"
#include "model/validation/score.h"

namespace ridgepoint {
namespace {

/// The readable rows, and for each row read the index of its own among them.
struct Rows {
  std::vector<PublishedRow> readable;
  std::vector<const ReadRow*> all;
};

Rows rows_of(const std::vector<PublishedFile>& files, Validation& v) {
  Rows out;
  std::set<std::string> ids;
  for (const PublishedFile& file : files) {
    ValidationInput in{file.name, static_cast<std::int64_t>(file.rows.size()), 0, 0};
    for (const ReadRow& r : file.rows) {
      out.all.push_back(&r);
      if (!r.row.id.empty() && !ids.insert(r.row.id).second) ++in.duplicates;
      if (r.trouble.empty())
        out.readable.push_back(r.row);
      else
        ++in.unreadable;
    }
    if (in.unreadable > 0)
      v.warnings.push_back({"unreadable-rows",
                            std::to_string(in.unreadable) + " of " + std::to_string(in.rows) + " rows of '" +
                                printable(file.name) + "' cannot be read",
                            "their `refused` says what each lacks"});
    if (in.duplicates > 0)
      v.warnings.push_back({"duplicate-ids",
                            std::to_string(in.duplicates) + " ids of '" + printable(file.name) +
                                "' stand twice or in an earlier file",
                            "every row counts; remove the copies if they are the same results"});
    v.inputs.push_back(std::move(in));
  }
  return out;
}

std::vector<ValidationRow> scored(const Rows& rows, const std::vector<Result<Predicted>>& predicted) {
  std::vector<ValidationRow> out;
  std::size_t next = 0;
  for (const ReadRow* r : rows.all)
    out.push_back(r->trouble.empty() ? score_row(r->row, predicted[next++])
                                     : score_row(r->row, fail(ErrorKind::bad_input, r->trouble, "", "")));
  return out;
}

Ordering ordered(const Rows& rows, const std::vector<ValidationRow>& scores, const PriceOf& price_of) {
  std::vector<Contender> contenders;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const PublishedRow& row = rows.all[i]->row;
    if (!scores[i].ratio) continue;
    contenders.push_back({group_of_row(row), row.platform_id, devices_of_row(row), *scores[i].measured_s,
                          *scores[i].predicted_s, price_of(row)});
  }
  return order_contenders(contenders);
}

std::vector<std::string> method_of(LeaveOut leave_out) {
  const std::string what(name_of(leave_out));
  return {
      leave_out == LeaveOut::none
          ? "every row is predicted with the calibration as shipped or given"
          : "every row is predicted by a model calibrated on those rows of the input that have another " +
                what,
      leave_out == LeaveOut::none
          ? "the baselines learn from the published rows that come with the program, the row's own "
            "platform left out"
          : "the baselines learn from the same rows as the model",
      "ratio = predicted / measured time, a rate counting as its inverse; error = exp(|ln ratio|) - 1, so "
      "that twice and half are both 100 %",
      "groups share workload, metric, unit and kind of scenario, for analytics the software too; rows of "
      "one platform with one number of devices are averaged in the logarithm",
      "pairs are systems on two platforms whose measured times differ by more than 1.25, as measured, "
      "whole systems of different size included; a tie in the prediction is wrong",
      "cost = time x devices x the hourly on-demand price of the row's month; a group with fewer than two "
      "priced platforms is left out"};
}

}  // namespace

Validation replay(const ReplayInput& input, const Law& law, const PointOf& point_of,
                  const PriceOf& price_of) {
  Validation v;
  v.leave_out = input.leave_out;
  const Rows rows = rows_of(input.files, v);
  std::vector<Result<Predicted>> predicted;
  if (input.leave_out == LeaveOut::none)
    for (const PublishedRow& r : rows.readable) predicted.push_back(law.shipped->predict(r));
  else
    predicted = cross_validate(rows.readable, rows.readable, input.leave_out, law.fit, input.threads);
  v.rows = scored(rows, predicted);
  v.summary = summarise_rows(v.rows);
  Ordering order = ordered(rows, v.rows, price_of);
  v.ranking = order.score;
  v.groups = std::move(order.groups);
  const bool none = input.leave_out == LeaveOut::none;
  for (const Baseline& b : baselines(law.roofline, point_of)) {
    const auto guesses = cross_validate(rows.readable, none ? input.shipped : rows.readable,
                                        none ? LeaveOut::platform : input.leave_out, b.fit, input.threads);
    const std::vector<ValidationRow> scores = scored(rows, guesses);
    v.baselines.push_back({score_rows(b.name, scores, [](const ValidationRow&) { return true; }),
                           ordered(rows, scores, price_of).score});
  }
  v.method = method_of(input.leave_out);
  return v;
}

}  // namespace ridgepoint
