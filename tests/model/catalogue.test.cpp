// SPDX-License-Identifier: Apache-2.0
#include "model/catalogue.h"

#include <gtest/gtest.h>

#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "model/core/document.h"
#include "model/core/file_io.h"
#include "model/schemas.h"

namespace ridgepoint {
namespace {

const std::string kConfigs = std::string(RIDGEPOINT_SOURCE_DIR) + "/configs";

Json read_json(const std::string& path) { return *parse_json(*read_file(path, kMaxJsonBytes), path); }

bool valid(const Json& schema_json, const Json& value, std::string& why) {
  valijson::Schema schema;
  valijson::SchemaParser parser;
  valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_json), value_adapter(value);
  parser.populateSchema(schema_adapter, schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, value_adapter, &results)) return true;
  for (const auto& error : results) why += error.description + " ";
  return false;
}

TEST(Catalogue, EveryPlatformDecodesAndItsFiguresHaveUnitAndSource) {
  const auto list = load_platforms(kConfigs + "/platforms");
  ASSERT_TRUE(list) << list.error().what;
  EXPECT_GE(list->size(), 81u);
}

TEST(Catalogue, RecollectedFiguresKeepTheirMarkAndBasis) {
  const auto list = load_platforms(kConfigs + "/platforms");
  int marked = 0;
  for (const Platform& p : *list)
    for (const auto& [key, fact] : p.facts)
      if (fact.source == "unsourced-recollection") {
        ++marked;
        EXPECT_EQ(fact.basis, Basis::assumed) << p.id << " " << key;
      }
  EXPECT_GT(marked, 50);
}

TEST(Catalogue, EveryFileFollowsItsSchema) {
  const Json platform_schema = read_json(kConfigs + "/schemas/platform.schema.json");
  for (const std::string kind : {"platform", "workload", "prices"}) {
    const auto files = list_files(kConfigs + "/" + kind + (kind == "prices" ? "" : "s"), ".json");
    ASSERT_TRUE(files);
    for (const std::string& file : *files) {
      std::string why;
      const std::string is = file.ends_with("/assumptions.json") ? "assumptions" : kind;
      const Json schema = is == "platform" ? platform_schema : generated_schemas().at(is);
      EXPECT_TRUE(valid(schema, read_json(file), why)) << file << ": " << why;
    }
  }
}

/// The published results that the model is to be judged by are of platforms it knows, each once, with source.
TEST(Published, EveryRowHasASourceAPositiveValueAndAKnownPlatform) {
  std::set<std::string> known, seen;
  const auto platforms = load_platforms(kConfigs + "/platforms");
  ASSERT_TRUE(platforms);
  for (const Platform& p : *platforms) known.insert(p.id);
  const auto files = list_files(kConfigs + "/published", ".json");
  ASSERT_TRUE(files);
  for (const std::string& file : *files) {
    if (file.ends_with("medical-memory.json")) continue;          // footprints, not times on platforms
    if (file.find("/workloads/") != std::string::npos) continue;  // definitions
    for (const Json& row : read_json(file)) {
      const auto id = row.at("id").get<std::string>();
      EXPECT_TRUE(seen.insert(id).second) << id << " stands twice";
      EXPECT_TRUE(known.contains(row.at("platform_id").get<std::string>())) << id;
      EXPECT_GT(row.at("value").get<double>(), 0) << id;
      EXPECT_FALSE(row.at("source").get<std::string>().empty()) << id;
    }
  }
  EXPECT_EQ(seen.size(), 642u);
}

/// One document of each kind, and one that the program wrote (a golden of the command line).
TEST(Catalogue, DocumentsFollowTheirSchemas) {
  const std::string tests = std::string(RIDGEPOINT_SOURCE_DIR) + "/tests";
  auto files = list_files(tests + "/golden/input", ".json");
  ASSERT_TRUE(files);
  EXPECT_GE(files->size(), 7u);
  files->push_back(tests + "/cli/golden/recommend-2022-cost-json.stdout");
  for (const std::string& file : *files) {
    const Json document = read_json(file);
    const std::string kind = document["schema"].get<std::string>().substr(std::string("ridgepoint.").size());
    const Json schema = kind == "platform" ? read_json(kConfigs + "/schemas/platform.schema.json")
                                           : generated_schemas().at(kind);
    std::string why;
    EXPECT_TRUE(valid(schema, document, why)) << file << ": " << why;
  }
}

TEST(Catalogue, TheSchemaRefusesAFigureWithoutUnitOrSource) {
  const Json schema = read_json(kConfigs + "/schemas/platform.schema.json");
  const Json good = read_json(kConfigs + "/platforms/nvidia-h100-sxm.json");
  std::string why;
  ASSERT_TRUE(valid(schema, good, why)) << why;
  for (const char* key : {"unit", "source", "basis", "value"}) {
    Json bad = good;
    bad["facts"]["power.tdp"].erase(key);
    EXPECT_FALSE(valid(schema, bad, why)) << key;
    EXPECT_FALSE(decode<Platform>(
        [&] {
          Json body = bad;
          body.erase("schema");
          body.erase("schema_version");
          return body;
        }(),
        "x"))
        << key;
  }
  Json negative = good;
  negative["facts"]["power.tdp"]["value"] = -1;
  EXPECT_FALSE(valid(schema, negative, why));
}

/// The files in configs/schemas/ are what `ridgepoint schema KIND` prints; RIDGEPOINT_UPDATE_GOLDENS=1
/// rewrites them.
TEST(Catalogue, PublishedSchemasAreTheOnesOfTheProgram) {
  for (const auto& [kind, schema] : generated_schemas()) {
    const std::string path = kConfigs + "/schemas/" + kind + ".schema.json";
    if (std::getenv("RIDGEPOINT_UPDATE_GOLDENS") != nullptr) {
      ASSERT_TRUE(write_file_atomically(path, *dump_json(schema)));
    }
    const auto text = read_file(path, kMaxJsonBytes);
    ASSERT_TRUE(text) << path;
    EXPECT_EQ(*text, *dump_json(schema)) << path;
  }
}

TEST(Catalogue, TwoFilesWithOneIdAreRefused) {
  const std::string folder = ::testing::TempDir() + "ridgepoint-twins";
  for (const char* name : {"/a.json", "/b.json"}) {
    ASSERT_TRUE(check_writable(folder + name));
    ASSERT_TRUE(
        write_file_atomically(folder + name, *read_file(kConfigs + "/platforms/nvidia-t4.json", 1 << 20)));
  }
  const auto list = load_platforms(folder);
  ASSERT_FALSE(list);
  EXPECT_NE(list.error().what.find("repeats the id 'nvidia-t4'"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint
