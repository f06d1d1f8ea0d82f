// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/jobs.h"

#include "model/core/command.h"

namespace ridgepoint::study {

Result<FitStudy> ask_fit(const JobQuestion& question, const std::string& platform, const Ports& ports) {
  if (!ports.ask)
    return fail(ErrorKind::unavailable, "memory, time and cost are not known here",
                "they are asked of the command fit", "run the study from the command line");
  const auto answer = ports.ask({"fit", question.network, "--input", question.input, "--platform", platform,
                                 "--phase", question.phase, "--precision", question.precision, "--as-of",
                                 question.as_of, "--configs", ports.configs});
  if (!answer) return tl::make_unexpected(answer.error());
  if (!answer->document) return fail(ErrorKind::internal, "fit gave no document", "", "");
  return decode<FitStudy>(answer->document->body, "fit");
}

StudyJob job_of(const FitStudy& answer) {
  return {.platform_id = answer.platform_id,
          .platform_name = answer.platform_name,
          .verdict = answer.verdict,
          .expected_byte = answer.footprint.expected_byte,
          .time_s = answer.time_s,
          .cost_usd = answer.cost_usd};
}

}  // namespace ridgepoint::study
