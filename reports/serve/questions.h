// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/core/command.h"

namespace ridgepoint::serve {

using Ask = std::function<Result<Output>(const std::vector<std::string>& words)>;

/// A question that another command of the program answers.
struct Question {
  std::string path;
  std::map<std::string, std::string> query;
  std::string key() const;  ///< the same for the same question
};

/// The paths that are questions: recommend, fit, workloads, networks below /api/v1/.
bool is_question(const std::string& path);

/// Refuses parameters that the path does not know and values that are not plain words: none may begin like an
/// option, name a file, or be longer than 80 characters.
Result<void> check_question(const Question& question);

/// The JSON of the answer. Takes as long as the command does.
Result<std::string> answer(const Question& question, const Ask& ask);

}  // namespace ridgepoint::serve
