// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/click_learner.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "workloads/roofs.h"
#include "workloads/sparse/reuse.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kReferenceRows = 2048, kLearnableRows = 100000, kInterruptRows = 65536;
constexpr double kReferenceTolerance = 1e-3;

struct Learning {
  const ClickLearner* learner;
  std::shared_ptr<Team> team;
  ClickRows rows;
  Buffer slots;
  std::size_t trained, held_out, step;
  bool hogwild;
  std::size_t cursor = 0;  ///< next row
  std::uint64_t seen = 0;  ///< rows trained on since the start, without the cursor's epoch
  ClickView view() const {
    return {rows.ids.as<std::uint32_t>(), rows.values.as<float>(), rows.labels.as<std::uint8_t>()};
  }
  std::size_t slot_count() const { return std::size_t{1} << rows.bits; }
};

void start(const Learning& l, std::uint64_t seed) {
  l.team->run([&](int i) {
    const Share s = share_of(l.slot_count(), i, l.team->size(), 64);
    l.learner->start(l.slots.as<std::byte>() + s.begin * l.learner->slot_byte, s.begin, s.end - s.begin,
                     seed);
  });
}

void train(const Learning& l, std::size_t begin, std::size_t end, std::uint64_t first) {
  l.team->run([&](int i) {
    if (!l.hogwild && i > 0) return;
    const Share s = l.hogwild ? share_of(end - begin, i, l.team->size()) : Share{0, end - begin};
    l.learner->train(l.slots.as<std::byte>(), l.view(), begin + s.begin, begin + s.end, first);
  });
}

/// One execution: the next `step` rows, from the front again at the end.
void next_rows(Learning& l) {
  if (l.cursor + l.step > l.trained) {
    l.seen += l.cursor;
    l.cursor = 0;
  }
  train(l, l.cursor, l.cursor + l.step, l.seen);
  l.cursor += l.step;
}

double held_out_loss(const Learning& l) {
  std::vector<double> sums(static_cast<std::size_t>(l.team->size()));
  l.team->run([&](int i) {
    const Share s = share_of(l.held_out, i, l.team->size());
    double sum = 0;
    for (std::size_t k = s.begin; k < s.end; ++k) {
      const std::size_t row = l.trained + k;
      sum += log_loss(l.learner->logit(l.slots.as<std::byte>(), l.view(), row), l.view().labels[row] != 0);
    }
    sums[static_cast<std::size_t>(i)] = sum;
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(l.held_out);
}

/// Accesses of a row to lines that nothing has touched lately.
double cold_lines(const Learning& l) {
  const std::size_t rows = std::min<std::size_t>(l.trained, 100000), byte = l.learner->slot_byte;
  const std::uint32_t* const ids = l.view().ids;
  const std::size_t cold = cold_accesses(rows * kRowEntries, l.slot_count() * byte / 64 + 1, 64,
                                         [&](std::size_t k) { return ids[k] * byte / 64; });
  return static_cast<double>(cold) / static_cast<double>(rows);
}

/// Has it learned what there is to learn?
Result<Verification> check(Learning& l, std::size_t epochs, std::uint64_t seed) {
  start(l, seed);
  const std::size_t few = std::min(kReferenceRows, l.trained);
  l.learner->train(l.slots.as<std::byte>(), l.view(), 0, few, 0);
  const double difference = l.learner->slow_difference(l.slots.as<std::byte>(), l.view(), few, seed);
  if (!(difference <= kReferenceTolerance) || l.trained < kLearnableRows)
    return Verification{
        difference <= kReferenceTolerance,
        "FP64 training on the first " + std::to_string(few) + " rows, every number of the model", difference,
        kReferenceTolerance};
  start(l, seed);
  for (std::size_t epoch = 0; epoch < epochs; ++epoch)
    for (std::size_t row = 0; row < l.trained; row += kInterruptRows) {
      if (Interrupt::requested())
        return fail(ErrorKind::interrupted, "stopped while a model was learning", "", "run it again");
      train(l, row, std::min(row + kInterruptRows, l.trained), epoch * l.trained);
    }
  l.seen = epochs * l.trained;
  const double loss = held_out_loss(l), planted = planted_loss(l.rows, l.trained, l.trained + l.held_out),
               excess = loss / planted - 1;
  return Verification{excess <= l.learner->largest_excess && excess > -0.02,
                      "log-loss " + show_number(loss) + " on " + std::to_string(l.held_out) +
                          " rows not trained on, over the planted model's " + show_number(planted) +
                          "; FP64 training on " + std::to_string(few) + " rows agrees",
                      std::max(excess, 0.0), l.learner->largest_excess};
}

Result<Learning> make(const ClickLearner& learner, const KernelRequest& request) {
  const Shape& shape = request.shape;
  const auto rows = static_cast<std::size_t>(shape["rows"]), step = static_cast<std::size_t>(shape["step"]);
  const auto bits = static_cast<int>(std::min<std::int64_t>(shape["bits"], 99));
  if (bits < 6 || bits > 28 || step > rows || shape["mode"] > 2 || rows >> 31 != 0 || shape["epochs"] > 1000)
    return fail(ErrorKind::bad_input, "this shape is out of range",
                "bits is 6 to 28, step at most rows, rows below 2^31, epochs at most 1000, mode 1 (one "
                "thread) or 2 (Hogwild)",
                "see ridgepoint run --list for the default");
  const std::size_t held_out = std::max<std::size_t>(rows / 4, 1);
  const double bytes = static_cast<double>(rows + held_out) * (4 * kRowEntries + 4 * kNumericFields + 5) +
                       std::ldexp(static_cast<double>(learner.slot_byte), bits);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "rows and model need " + show_number(bytes) + " B, the limit is " +
                    show_number(request.memory_limit_byte) + " B",
                "", "raise --memory or choose fewer rows or bits");
  auto team = std::make_shared<Team>(request.cpus);
  auto data =
      click_rows(rows + held_out, bits, static_cast<double>(shape["zipf"]) / 100, request.seed, *team);
  if (!data) return tl::make_unexpected(data.error());
  auto slots = Buffer::make(learner.slot_byte << bits);
  if (!slots) return tl::make_unexpected(slots.error());
  return Learning{&learner, std::move(team),   std::move(*data), std::move(*slots), rows, held_out,
                  step,     shape["mode"] == 2};
}

}  // namespace

Result<Prepared> prepare_learner(const ClickLearner& learner, const KernelRequest& request) {
  auto made = make(learner, request);
  if (!made) return tl::make_unexpected(made.error());
  const auto l = std::make_shared<Learning>(std::move(*made));
  auto verified = check(*l, static_cast<std::size_t>(request.shape["epochs"]), request.seed);
  if (!verified) return tl::make_unexpected(verified.error());

  Prepared p;
  p.verification = std::move(*verified);
  const auto rows = static_cast<double>(l->step);
  const double lines = rows * cold_lines(*l), row_byte = 4 * kRowEntries + 4 * kNumericFields + 1;
  p.cost = {.work_flop = rows * learner.row_flop,
            .read_byte = rows * row_byte + 64 * lines,
            .written_byte = 64 * lines,
            .random_access = lines};
  p.working_set_byte = static_cast<double>(l->slots.bytes()) + static_cast<double>(l->trained) * row_byte;
  p.dtype = "fp32";
  p.isa = click_isa();
  p.roof = random_line_roof(l->team, {l->slots.as<std::byte>(), l->slots.bytes()}, lines);
  if (l->trained < kLearnableRows)
    p.warnings.push_back({"learning-not-checked",
                          "with fewer than " + std::to_string(kLearnableRows) +
                              " rows only the arithmetic was checked, not that the model learns",
                          "choose more rows"});
  if (!l->hogwild && l->team->size() > 1)
    p.warnings.push_back({"one-thread", "mode=1 trains on one thread, whatever their number",
                          "choose mode=2 (Hogwild) for all threads"});
  p.body = [l] { next_rows(*l); };
  return p;
}

}  // namespace ridgepoint
