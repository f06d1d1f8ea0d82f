// SPDX-License-Identifier: Apache-2.0
#include "model/validation/cross.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "model/core/ports.h"
#include "model/validation/read.h"

namespace ridgepoint {
namespace {

Error refusal(std::string why) { return {ErrorKind::unavailable, std::move(why), "", ""}; }

struct Fold {
  std::string key;
  std::vector<std::size_t> rows;
};

std::vector<Fold> folds_of(const std::vector<PublishedRow>& rows, LeaveOut leave_out) {
  std::map<std::string, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < rows.size(); ++i) by_key[fold_of(rows[i], leave_out)].push_back(i);
  std::vector<Fold> folds;
  folds.reserve(by_key.size());
  for (auto& [key, indices] : by_key) folds.push_back({key, std::move(indices)});
  return folds;
}

}  // namespace

std::string fold_of(const PublishedRow& row, LeaveOut leave_out) {
  switch (leave_out) {
    case LeaveOut::none:
      return "";
    case LeaveOut::platform:
      return row.platform_id;
    case LeaveOut::workload:
      return row.workload_id;
    case LeaveOut::round:
      return round_of_row(row.date);
    case LeaveOut::run:
      return row.id;
  }
  return "";
}

std::vector<Result<Predicted>> cross_validate(const std::vector<PublishedRow>& rows,
                                              const std::vector<PublishedRow>& pool, LeaveOut leave_out,
                                              const FitPredictor& fit, int threads) {
  std::vector<Result<Predicted>> out(rows.size(), tl::make_unexpected(refusal("interrupted")));
  const std::vector<Fold> folds = folds_of(rows, leave_out);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < folds.size() && !Interrupt::requested(); i = next++) {
      std::vector<PublishedRow> training;
      for (const PublishedRow& r : pool)
        if (leave_out == LeaveOut::none || fold_of(r, leave_out) != folds[i].key) training.push_back(r);
      const std::unique_ptr<Predictor> predictor = fit(training);
      for (const std::size_t row : folds[i].rows)
        out[row] = predictor ? predictor->predict(rows[row])
                             : Result<Predicted>(tl::make_unexpected(refusal("no fit to these rows")));
    }
  };
  std::vector<std::jthread> team;
  const auto helpers = std::min<std::size_t>(folds.size(), static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t i = 1; i < helpers; ++i) team.emplace_back(work);
  work();
  team.clear();  // joins
  return out;
}

}  // namespace ridgepoint
