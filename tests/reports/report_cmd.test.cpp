// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "model/core/command.h"
#include "model/core/file_io.h"
#include "tests/reports/documents.h"

namespace ridgepoint {

extern const Command report_cmd;

namespace testing_reports {
namespace {

class SilentLog : public Log {
 public:
  void progress(std::string_view, double) override {}
  void note(std::string_view) override {}
};

Result<Output> report(const std::vector<std::string>& positional) {
  SilentLog log;
  Ports ports{log, "", "2026-07", {}};
  return report_cmd.run(Arguments{{}, positional}, ports);
}

TEST(ReportCommand, GivesBackAnyDocumentForMainToRender) {
  for (const std::string kind : kKinds) {
    const auto output = report({input_path(kind)});
    ASSERT_TRUE(output) << output.error().what;
    ASSERT_TRUE(output->document);
    EXPECT_EQ(output->document->schema, kind);
    EXPECT_EQ(output->document->body, golden_document(kind).body);
    EXPECT_EQ(output->exit, 0);
  }
}

TEST(ReportCommand, NeedsExactlyOneDocument) {
  for (const auto& positional : {std::vector<std::string>{}, std::vector<std::string>{"a", "b"}}) {
    const auto output = report(positional);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, ErrorKind::bad_input);
  }
}

TEST(ReportCommand, SaysWhichFileCannotBeRead) {
  const auto output = report({"no/such/file.json"});
  ASSERT_FALSE(output);
  EXPECT_TRUE(contains(output.error().what, "no/such/file.json")) << output.error().what;
}

TEST(ReportCommand, RefusesADocumentThatDoesNotDecodeBeforeAnythingIsWritten) {
  Document document = golden_document("runs");
  document.body.erase("machine_id");
  const std::string path = testing::TempDir() + "ridgepoint_report_cmd_broken.json";
  ASSERT_TRUE(write_file_atomically(path, *document_text(document)));
  const auto output = report({path});
  std::remove(path.c_str());
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, ErrorKind::bad_input);
  EXPECT_TRUE(contains(output.error().what, "machine_id") && contains(output.error().what, path))
      << output.error().what;
}

TEST(ReportCommand, EndsItsHelpWithAnExample) {
  EXPECT_TRUE(contains(report_cmd.example, "ridgepoint report"));
  EXPECT_EQ(report_cmd.default_format, "text");
}

}  // namespace
}  // namespace testing_reports
}  // namespace ridgepoint
