// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/batch_size.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>

#include "model/core/random.h"

namespace ridgepoint::study {
namespace {

constexpr std::array<double, 2> kEpsilon = {1e-3, 5e-4};

std::vector<std::uint32_t> all_of(const Patches& patches) {
  std::vector<std::uint32_t> out(patches.size());
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

void shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed) {
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random_below(seed, i, static_cast<std::uint32_t>(i))]);
}

class Adam {
 public:
  void step(std::vector<float>& w, const std::vector<float>& g) {
    ++t_;
    const auto late =
        static_cast<float>(kRate * std::sqrt(1 - std::pow(kSecond, t_)) / (1 - std::pow(kFirst, t_)));
    const auto tiny = static_cast<float>(1e-8 * std::sqrt(1 - std::pow(kSecond, t_)));
    for (std::size_t i = 0; i < w.size(); ++i) {
      m_[i] += static_cast<float>(1 - kFirst) * (g[i] - m_[i]);
      v_[i] += static_cast<float>(1 - kSecond) * (g[i] * g[i] - v_[i]);
      w[i] -= late * m_[i] / (std::sqrt(v_[i]) + tiny);
    }
  }

 private:
  static constexpr double kRate = 1e-3, kFirst = 0.9, kSecond = 0.999;
  double t_ = 0;
  std::vector<float> m_ = std::vector<float>(NetLayout::count), v_ = m_;
};

double share(const Answer& a, std::size_t of) {
  return static_cast<double>(a.right) / static_cast<double>(of);
}

BatchRun one_run(const BatchSettings& s, std::uint64_t seed, bool large) {
  const auto begin = std::chrono::steady_clock::now();
  const Patches seen = make_patches(seed, 0, s.train), unseen = make_patches(seed, s.train, s.test);
  BatchRun run;
  run.seed = static_cast<std::int64_t>(seed);
  run.batch = large ? s.large_batch : s.small_batch;
  run.epochs = large ? s.large_epochs : s.small_epochs;
  const std::vector<float> w = train(seen, seed, run.batch, run.epochs);
  const Answer on_seen = evaluate(w, seen, all_of(seen), nullptr);
  run.train_loss = on_seen.loss;
  run.train_share = share(on_seen, seen.size());
  run.test_share = share(evaluate(w, unseen, all_of(unseen), nullptr), unseen.size());
  run.sharpness_wide = sharpness(w, seen, kEpsilon[0]);
  run.sharpness_narrow = sharpness(w, seen, kEpsilon[1]);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return run;
}

}  // namespace

std::vector<float> net_start(std::uint64_t seed) {
  using L = NetLayout;
  std::vector<float> w(L::count);
  const auto fill = [&](std::size_t begin, std::size_t end, std::size_t inputs) {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    for (std::size_t i = begin; i < end; ++i)
      w[i] = static_cast<float>(bound * (2 * random_unit(random_bits(seed, 1U << 20), i) - 1));
  };
  fill(L::w1, L::w2, 9);
  fill(L::w2, L::w3, 9 * L::c1);
  fill(L::w3, L::w4, L::flat);
  fill(L::w4, L::count, L::hidden);
  return w;
}

std::vector<float> train(const Patches& patches, std::uint64_t seed, std::int64_t batch,
                         std::int64_t epochs) {
  std::vector<float> w = net_start(seed), gradient;
  std::vector<std::uint32_t> order = all_of(patches);
  const auto step = static_cast<std::size_t>(batch);
  Adam adam;
  for (std::int64_t epoch = 0; epoch < epochs && !Interrupt::requested(); ++epoch) {
    shuffle(order, random_bits(seed, (1U << 21) + static_cast<std::uint64_t>(epoch)));
    for (std::size_t at = 0; at < order.size(); at += step) {
      evaluate(w, patches, std::span(order).subspan(at, std::min(step, order.size() - at)), &gradient);
      adam.step(w, gradient);
    }
  }
  return w;
}

double sharpness(const std::vector<float>& weights, const Patches& patches, double epsilon) {
  const std::vector<std::uint32_t> all = all_of(patches);
  std::vector<float> gradient, here = weights, tried(weights.size());
  const double start = evaluate(here, patches, all, &gradient).loss;
  double best = start;
  for (int step = 0; step < 10 && !Interrupt::requested(); ++step) {
    bool risen = false;
    for (float part = 1; part > 0.05F && !risen; part *= 0.5F) {
      for (std::size_t i = 0; i < here.size(); ++i) {
        const float reach = static_cast<float>(epsilon) * (std::abs(weights[i]) + 1);
        const float corner = weights[i] + (gradient[i] > 0 ? reach : gradient[i] < 0 ? -reach : 0);
        tried[i] = here[i] + part * (corner - here[i]);
      }
      const double loss = evaluate(tried, patches, all, nullptr).loss;
      if (!(loss > best)) continue;
      risen = true;
      best = loss;
    }
    if (!risen) break;
    here = tried;
    evaluate(here, patches, all, &gradient);
  }
  return 100 * (best - start) / (1 + start);
}

Result<BatchResult> run_batches(const BatchSettings& settings, Team& team,
                                const std::function<void(double)>& step) {
  BatchResult out;
  out.parameters = static_cast<std::int64_t>(NetLayout::count);
  out.train_patches = static_cast<std::int64_t>(settings.train);
  out.test_patches = static_cast<std::int64_t>(settings.test);
  out.small_batch = settings.small_batch;
  out.large_batch = settings.large_batch;
  out.epsilon_wide = kEpsilon[0];
  out.epsilon_narrow = kEpsilon[1];
  const auto runs = static_cast<std::size_t>(2 * settings.seeds);
  out.runs.resize(runs);
  std::atomic<std::size_t> next{0}, done{0};
  std::mutex telling;
  team.run([&](int) {
    for (std::size_t i = next++; i < runs && !Interrupt::requested(); i = next++) {
      // The long ones first, so that threads end together.
      const bool large = i < runs / 2;
      const std::size_t seed = i % (runs / 2);
      out.runs[2 * seed + (large ? 1 : 0)] = one_run(settings, settings.seed + seed, large);
      const std::scoped_lock lock(telling);
      step(static_cast<double>(++done) / static_cast<double>(runs));
    }
  });
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "stopped within the study", "", "run it again");
  compare_batches(out);
  return out;
}

}  // namespace ridgepoint::study
