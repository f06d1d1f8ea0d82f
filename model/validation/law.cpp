// SPDX-License-Identifier: Apache-2.0
#include "model/validation/law.h"

#include <algorithm>
#include <cmath>

#include "model/core/document.h"
#include "model/law/fit.h"
#include "model/validation/observe.h"

namespace ridgepoint {
namespace {

class LawPredictor : public Predictor {
 public:
  LawPredictor(std::shared_ptr<const RowReader> reader, Calibration calibration)
      : reader_(std::move(reader)), calibration_(std::move(calibration)) {}

  Result<Predicted> predict(const PublishedRow& row) const override {
    const auto seen = reader_->observe(row);
    if (!seen) return tl::make_unexpected(seen.error());
    const Observation& o = seen->observation;
    const PredictedTime t = predict_time(o.stages, o.occasion, o.resources, o.setting, calibration_);
    const double factor = std::exp(kQuantile90 * t.sd);
    const Measure& m = seen->measure;
    const double fast = m.value(t.seconds / factor), slow = m.value(t.seconds * factor);
    return Predicted{m.value(t.seconds), std::min(fast, slow), std::max(fast, slow), t.tier, t.kernel_class};
  }

 private:
  std::shared_ptr<const RowReader> reader_;
  Calibration calibration_;
};

/// What the reader can make of the rows; the others teach nothing.
std::vector<Observation> observations(const RowReader& reader, const std::vector<PublishedRow>& rows) {
  std::vector<Observation> out;
  for (const PublishedRow& row : rows)
    if (auto seen = reader.observe(row)) out.push_back(std::move(seen->observation));
  return out;
}

}  // namespace

Result<Law> make_law(const LawInput& input) {
  const auto reader = std::make_shared<const RowReader>(input.platforms, input.workloads);
  const std::string file =
      input.calibration.empty() ? input.configs + "/calibration.json" : input.calibration;
  auto shipped = read_document_as<Calibration>(file, "calibration");
  if (!shipped) return tl::make_unexpected(shipped.error());
  Law law;
  // A fold's own factors on the intervals would need another round of leaving out: the shipped ones serve.
  const auto widening = shipped->widening;
  law.fit = [reader, widening](const std::vector<PublishedRow>& training) -> std::unique_ptr<Predictor> {
    Calibration c = fit_calibration(observations(*reader, training));
    c.widening = widening;
    return std::make_unique<LawPredictor>(reader, std::move(c));
  };
  law.shipped = std::make_shared<LawPredictor>(reader, std::move(*shipped));
  law.roofline = [reader](const PublishedRow& row) -> Result<double> {
    const auto seen = reader->observe(row);
    if (!seen) return tl::make_unexpected(seen.error());
    const double seconds = roofline_seconds(seen->observation.stages);
    if (seconds <= 0) return fail(ErrorKind::unavailable, "no roof bounds this workload", "", "");
    return seen->measure.value(seconds);
  };
  return law;
}

}  // namespace ridgepoint
