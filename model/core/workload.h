// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"

namespace ridgepoint {

/// What kind of use a job is; decides which platforms can be asked to do it.
enum class Phase { training, inference, query, solver };

constexpr auto names(Phase) {
  return enum_names<Phase>({{Phase::training, "training"},
                            {Phase::inference, "inference"},
                            {Phase::query, "query"},
                            {Phase::solver, "solver"}});
}

/// One stage of a job: work and traffic of one kernel class. A job's time is the sum of its stages.
struct Stage {
  std::string id;
  std::string kernel_class;             ///< dense-conv | column-scan | spmv
  std::vector<std::string> precisions;  ///< roofs that may serve it, any order: the fastest known one is used
  std::optional<Fact> work;             ///< flop; absent = the compute roof plays no part in the estimate
  Fact read;                            ///< byte
  Fact written;                         ///< byte
};

template <class Io>
void fields(Io& io, Stage& s) {
  io.field("id", s.id);
  io.field("kernel_class", s.kernel_class);
  io.field("precisions", s.precisions);
  io.field("work", s.work);
  io.field("read", s.read);
  io.field("written", s.written);
}

/// The document `workload`: a job somebody wants done, per unit of work, independent of any platform.
struct Workload {
  std::string id;  ///< "medical/unet3d-train-fp32"
  std::string name;
  std::string family;  ///< medical | analytics | sparse
  Phase phase = Phase::inference;
  std::string summary;
  std::string unit_of_work;  ///< what one time or cost is for: "training step of 2 crops of 128^3"
  std::string kernel;        ///< the runnable kernel that calibrates it: "medical/conv3d-unet"
  Fact footprint;            ///< byte that must be resident at once
  std::vector<Stage> stages;
  std::vector<std::string> limits;  ///< what the definition leaves out
};

template <class Io>
void fields(Io& io, Workload& w) {
  io.field("id", w.id);
  io.field("name", w.name);
  io.field("family", w.family);
  io.field("phase", w.phase);
  io.field("summary", w.summary);
  io.field("unit_of_work", w.unit_of_work);
  io.field("kernel", w.kernel);
  io.field("footprint", w.footprint);
  io.field("stages", w.stages);
  io.field("limits", w.limits);
}

Result<void> check_workload(const Workload& workload, const std::string& where);

// Compiled once, in documents.cpp.
extern template Json encode(const Workload&);
extern template Result<Workload> decode<Workload>(const Json&, const std::string&);

}  // namespace ridgepoint
