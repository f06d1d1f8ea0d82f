// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/provenance.h"
#include "model/core/stats.h"

namespace ridgepoint {

/// One stage of a medical pipeline: its time, and what it moves and computes by its formulas.
struct PipelineStage {
  std::string name;
  Summary time_s;
  double read_byte = 0, written_byte = 0, work_flop = 0;
};

template <class Io>
void fields(Io& io, PipelineStage& s) {
  io.field("name", s.name);
  io.field("time_s", s.time_s);
  io.field("read_byte", s.read_byte);
  io.field("written_byte", s.written_byte);
  io.field("work_flop", s.work_flop);
}

struct PipelineFinding {
  std::vector<double> centre_mm;  ///< in DICOM's frame
  double diameter_mm = 0;         ///< of the ball with its volume
  double score = 0;
};

template <class Io>
void fields(Io& io, PipelineFinding& f) {
  io.field("centre_mm", f.centre_mm);
  io.field("diameter_mm", f.diameter_mm);
  io.field("score", f.score);
}

/// The document `pipeline`: a study from file to findings, stage by stage.
struct PipelineRun {
  Provenance provenance;
  std::string path;
  std::string network;
  std::vector<std::int64_t> size, grid_size;  ///< of the study, and of the grid that the network sees
  double grid_mm = 1;
  std::int64_t windows = 0, window_edge = 0, threads = 1;
  std::vector<PipelineStage> stages;
  Summary total_s;
  std::string binds;                ///< the stage that takes longest
  double announced_byte = 0;        ///< most memory at once, told before the first voxel was read
  std::optional<double> peak_byte;  ///< what the process grew by; absent where the system does not tell
  std::vector<PipelineFinding> findings;
  std::vector<Warning> warnings;
};

template <class Io>
void fields(Io& io, PipelineRun& p) {
  io.field("provenance", p.provenance);
  io.field("path", p.path);
  io.field("network", p.network);
  io.field("size", p.size);
  io.field("grid_size", p.grid_size);
  io.field("grid_mm", p.grid_mm);
  io.field("windows", p.windows);
  io.field("window_edge", p.window_edge);
  io.field("threads", p.threads);
  io.field("stages", p.stages);
  io.field("total_s", p.total_s);
  io.field("binds", p.binds);
  io.field("announced_byte", p.announced_byte);
  io.field("peak_byte", p.peak_byte);
  io.field("findings", p.findings);
  io.field("warnings", p.warnings);
}

// Compiled once, in documents.cpp.
extern template Json encode(const PipelineRun&);
extern template Result<PipelineRun> decode<PipelineRun>(const Json&, const std::string&);

}  // namespace ridgepoint
