// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/recommendation.h"
#include "model/decision/contest.h"

namespace ridgepoint {

/// The ranked estimates of an answer as a contest; alternative i is answer.estimates[i]. Precondition: the
/// estimates are sorted, ranked ones first.
///
/// How an estimate's spread is split: half of the variance of a typical (median) estimate is taken as shared
/// by all, because they use the same class efficiency and the same definition of the workload, and a fifth as
/// shared by the platforms of one class (cpu, gpu ...), whose efficiency errs alike. Who is surer than that
/// shares in proportion; the measured machine shares nothing, because its efficiency is its own.
Contest contest_of(const Answer& answer, Objective objective);

/// Fills the outlook of every ranked estimate and of the answer, and the measurements that are worth most.
/// Precondition: as contest_of, with at least one ranked estimate.
void add_outlook(Answer& answer, Objective objective, const std::string& kernel);

/// Probability that each estimate keeps the limit, and the best ranked one that does so with 90 %.
void add_time_limit(Answer& answer, const std::string& kind, double seconds);

/// Standard deviation of ln of a platform that was measured with the kernel in question.
inline constexpr double kMeasuredSigma = 0.04;

}  // namespace ridgepoint
