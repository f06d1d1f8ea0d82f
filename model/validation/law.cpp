// SPDX-License-Identifier: Apache-2.0
#include "model/validation/law.h"

namespace ridgepoint {
namespace {

class NoLaw : public Predictor {
 public:
  Result<Predicted> predict(const PublishedRow&) const override {
    return fail(ErrorKind::unavailable, "no law", "", "");
  }
};

}  // namespace

Result<Law> make_law(const LawInput&) {
  return Law{
      [](const std::vector<PublishedRow>&) { return std::make_unique<NoLaw>(); }, std::make_shared<NoLaw>(),
      [](const PublishedRow&) -> Result<double> { return fail(ErrorKind::unavailable, "no law", "", ""); }};
}

}  // namespace ridgepoint
