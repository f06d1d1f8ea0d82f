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
  std::string kernel_class;             ///< law/classes.h lists them
  std::vector<std::string> precisions;  ///< roofs that may serve it, any order: the fastest known one is used
  std::optional<Fact> work;             ///< flop; absent = the compute roof plays no part in the estimate
  Fact read;                            ///< byte
  Fact written;                         ///< byte
  std::optional<Fact> elements;         ///< values moved in the precision used, on top of read and written
  std::optional<Fact> working_set;      ///< byte or elements: traffic that a cache of this size would keep
  std::optional<Fact> on_chip;   ///< operations that cores x clock serve: table updates, decoded values
  std::optional<Fact> serial;    ///< cycles that one core has to spend alone
  std::optional<Fact> launches;  ///< kernels or parallel regions, shared by all units of a batch
  std::optional<Fact> link;      ///< byte between host and device
  std::optional<Fact> exchange;  ///< byte between devices, where there are several
};

template <class Io>
void fields(Io& io, Stage& s) {
  io.field("id", s.id);
  io.field("kernel_class", s.kernel_class);
  io.field("precisions", s.precisions);
  io.field("work", s.work);
  io.field("read", s.read);
  io.field("written", s.written);
  io.field("elements", s.elements);
  io.field("working_set", s.working_set);
  io.field("on_chip", s.on_chip);
  io.field("serial", s.serial);
  io.field("launches", s.launches);
  io.field("link", s.link);
  io.field("exchange", s.exchange);
}

/// How many passes over the data a training run needs at a batch; between two points the logarithms are
/// joined.
struct Convergence {
  double batch = 1;
  double epochs = 1;
};

template <class Io>
void fields(Io& io, Convergence& c) {
  io.field("batch", c.batch);
  io.field("epochs", c.epochs);
}

/// An epoch that used to be another one: rounds of a benchmark change their data.
struct EpochRevision {
  std::string before;  ///< YYYY-MM: for results dated earlier
  Fact units;          ///< units of work in one pass, then
};

template <class Io>
void fields(Io& io, EpochRevision& e) {
  io.field("before", e.before);
  io.field("units", e.units);
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
  std::optional<Fact> parameters;              ///< weights, 1: what several devices have to reduce each step
  std::optional<Fact> storage;                 ///< byte read from storage when nothing is cached
  std::optional<Fact> epoch;                   ///< units of work in one pass over the training data
  std::vector<EpochRevision> epoch_revisions;  ///< by rising date
  std::vector<Convergence> convergence;        ///< by rising batch
  std::optional<std::string> software;         ///< the library, where the definition is for one
  std::vector<std::string> limits;             ///< what the definition leaves out
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
  io.field("parameters", w.parameters);
  io.field("storage", w.storage);
  io.field("epoch", w.epoch);
  io.field("epoch_revisions", w.epoch_revisions);
  io.field("convergence", w.convergence);
  io.field("software", w.software);
  io.field("limits", w.limits);
}

/// The document `workload-set`: many small definitions in one file.
struct WorkloadSet {
  std::string note;
  std::vector<Workload> workloads;
};

template <class Io>
void fields(Io& io, WorkloadSet& s) {
  io.field("note", s.note);
  io.field("workloads", s.workloads);
}

Result<void> check_workload(const Workload& workload, const std::string& where);

// Compiled once, in documents.cpp.
extern template Json encode(const Workload&);
extern template Result<Workload> decode<Workload>(const Json&, const std::string&);
extern template Json encode(const WorkloadSet&);
extern template Result<WorkloadSet> decode<WorkloadSet>(const Json&, const std::string&);

}  // namespace ridgepoint
