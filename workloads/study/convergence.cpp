// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/convergence.h"

#include <algorithm>
#include <cmath>

#include "model/core/document.h"
#include "model/networks/graph.h"

namespace ridgepoint::study {
namespace {

std::optional<Interval> times(const std::optional<Interval>& one, double factor) {
  if (!one) return std::nullopt;
  return Interval{one->value * factor, one->lo * factor, one->hi * factor};
}

Result<BatchJob> price_one(const Convergence& c, const ConvergencePoint& point, const std::string& platform,
                           JobQuestion question, const Ports& ports) {
  const auto ask = [&](std::int64_t batch) {
    net::Shape shape = {batch};
    shape.insert(shape.end(), c.input.begin(), c.input.end());
    question.input = net::shape_text(shape);
    return ask_fit(question, platform, ports);
  };
  auto answer = ask(point.batch);
  if (!answer) return tl::make_unexpected(answer.error());
  BatchJob job{.platform_id = answer->platform_id,
               .platform_name = answer->platform_name,
               .batch = static_cast<double>(point.batch),
               .samples = point.samples,
               .at_once = 0,
               .memory_byte = answer->footprint.expected_byte,
               .time_s = std::nullopt,
               .cost_usd = std::nullopt};
  std::int64_t part = point.batch;
  if (answer->verdict != FitVerdict::fits) {
    part = fitting_part(point.batch, answer->largest_batch.value_or(0));
    if (part == 0) return job;  // not one sample fits, or its capacity is unknown
    answer = ask(part);
    if (!answer) return tl::make_unexpected(answer.error());
  }
  job.at_once = static_cast<double>(part);
  job.memory_byte = answer->footprint.expected_byte;
  job.time_s = times(answer->time_s, point.samples / job.at_once);
  job.cost_usd = times(answer->cost_usd, point.samples / job.at_once);
  return job;
}

}  // namespace

Result<Convergence> read_convergence(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return tl::make_unexpected(text.error());
  auto read =
      parse_json(*text, path).and_then([&](const Json& json) { return decode<Convergence>(json, path); });
  if (!read) return read;
  const bool good = !read->points.empty() && std::ranges::all_of(read->points, [](const ConvergencePoint& p) {
    return p.batch > 0 && p.samples > 0;
  });
  if (!good)
    return fail(ErrorKind::bad_input,
                "'" + path + "' has no points, or a batch or samples that are not above 0", "",
                "give the installed file again");
  return read;
}

std::int64_t fitting_part(std::int64_t batch, double most) {
  for (std::int64_t part = batch; part >= 1; --part)
    if (batch % part == 0 && static_cast<double>(part) <= most) return part;
  return 0;
}

Result<std::vector<BatchJob>> price_batches(const Convergence& convergence,
                                            const std::vector<std::string>& platforms,
                                            const std::string& as_of, const Ports& ports) {
  std::vector<BatchJob> jobs;
  const JobQuestion question{
      .network = convergence.network, .input = {}, .phase = "training", .precision = "fp32", .as_of = as_of};
  for (const std::string& platform : platforms)
    for (const ConvergencePoint& point : convergence.points) {
      auto job = price_one(convergence, point, platform, question, ports);
      if (!job) return tl::make_unexpected(job.error());
      jobs.push_back(std::move(*job));
    }
  return jobs;
}

}  // namespace ridgepoint::study
