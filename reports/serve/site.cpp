// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/site.h"

#include <algorithm>
#include <array>

#include "model/core/file_io.h"
#include "reports/prometheus_text.h"
#include "reports/rows.h"

namespace ridgepoint::serve {
namespace {

constexpr std::size_t kCacheBytes = 64u << 20;
constexpr std::size_t kMostRows = 200000;
constexpr std::string_view kDocuments = "/api/v1/documents/";
constexpr std::string_view kSchemas = "/api/v1/schemas/";

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::unavailable:
      return 503;
    default:
      return 500;
  }
}

Reply not_found(const std::string& path) {
  return error_reply(404, {ErrorKind::not_found, "there is nothing at '" + path + "'", "", "see /api/v1"});
}

Reply json_reply(const Json& value) {
  auto text = dump_json(value);
  return text ? reply_of(std::move(*text)) : error_reply(500, text.error());
}

Json overview() {
  const auto entry = [](const char* path, const char* what) { return Json{{"path", path}, {"what", what}}; };
  return Json::array(
      {entry("/", "the dashboard"), entry("/healthz", "is the server there"),
       entry("/metrics", "of the server, Prometheus text"),
       entry("/api/v1/documents", "documents of the folder"), entry("/api/v1/documents/NAME", "one document"),
       entry("/api/v1/rows", "figures of all documents; filters: document, kind, metric, platform, workload"),
       entry("/api/v1/schemas", "kinds of documents"), entry("/api/v1/schemas/KIND", "JSON Schema of a kind"),
       entry("/api/v1/workloads", "workloads that can be asked for"),
       entry("/api/v1/networks", "networks that can be asked for"),
       entry("/api/v1/recommend",
             "a ranking, computed now: workload, or network with input, precision, phase; objective, as-of, "
             "basis, "
             "utilisation, deadline, slo"),
       entry("/api/v1/fit",
             "does a network fit: network, platform, input, batch, precision, phase, optimizer, as-of")});
}

}  // namespace

std::optional<Reply> ReplyCache::find(const std::string& key) {
  const auto it = std::ranges::find(replies_, key, [](const auto& entry) { return entry.first; });
  if (it == replies_.end()) return std::nullopt;
  replies_.splice(replies_.begin(), replies_, it);
  return it->second;
}

void ReplyCache::keep(const std::string& key, const Reply& reply) {
  if (reply.body->size() > kCacheBytes / 4) return;
  replies_.emplace_front(key, reply);
  bytes_ += reply.body->size() + key.size();
  while (bytes_ > kCacheBytes || replies_.size() > 256) {
    bytes_ -= replies_.back().second.body->size() + replies_.back().first.size();
    replies_.pop_back();
  }
}

void ReplyCache::forget(const std::string& prefix) {
  std::erase_if(replies_, [&](const auto& entry) {
    if (!entry.first.starts_with(prefix)) return false;
    bytes_ -= entry.second.body->size() + entry.first.size();
    return true;
  });
}

std::optional<Reply> Site::handle(const Request& request) {
  const bool data_path = request.path.starts_with("/api/") || request.path == "/metrics";
  if (auto refused = guard_.refusal(request, !data_path)) return refused;
  if (!data_path) return unless_known(page(request), request.if_none_match);
  if (!is_question(request.path)) return unless_known(data(request), request.if_none_match);
  const Question question{request.path, request.query};
  if (const auto ok = check_question(question); !ok) return error_reply(400, ok.error());
  const auto known = cache_.find("ask " + question.key());
  if (!known) return std::nullopt;
  return unless_known(*known, request.if_none_match);
}

Reply Site::answered(const Question& question, const Result<std::string>& json) {
  if (!json) return error_reply(status_of(json.error().kind), json.error());
  Reply reply = reply_of(*json);
  if (!cache_.find("ask " + question.key())) cache_.keep("ask " + question.key(), reply);
  return reply;
}

Reply Site::page(const Request& request) {
  if (request.path == "/healthz") return reply_of("ok\n", "text/plain; charset=utf-8");
  if (request.path == "/") return reply_of(std::string(dashboard_page()), "text/html; charset=utf-8");
  if (request.path == "/dashboard.js")
    return reply_of(std::string(dashboard_script()), "text/javascript; charset=utf-8");
  if (request.path == "/dashboard.css")
    return reply_of(std::string(dashboard_style()), "text/css; charset=utf-8");
  return not_found(request.path);
}

Reply Site::data(const Request& request) {
  const std::string& path = request.path;
  if (path == "/metrics") return metrics();
  if (path == "/api/v1/rows") return rows(request);
  if (!request.query.empty())
    return error_reply(
        400, {ErrorKind::bad_input, "there is no parameter '" + request.query.begin()->first + "'", "",
              "see /api/v1"});
  if (path == "/api/v1") return json_reply(overview());
  if (path == "/api/v1/documents") return documents();
  if (path.starts_with(kDocuments)) return document(path.substr(kDocuments.size()));
  if (path == "/api/v1/schemas") return schemas("");
  if (path.starts_with(kSchemas)) return schemas(path.substr(kSchemas.size()));
  return not_found(path);
}

Reply Site::documents() {
  if (folder_.look()) cache_.forget("doc ");
  Json list = Json::array();
  for (const auto& [name, entry] : folder_.entries())
    list.push_back(
        {{"name", name}, {"kind", entry.kind}, {"created", entry.created}, {"bytes", entry.bytes}});
  return json_reply(list);
}

Reply Site::document(const std::string& name) {
  if (folder_.look()) cache_.forget("doc ");
  if (const auto known = cache_.find("doc text " + name)) return *known;
  auto text = folder_.text(name);
  if (!text) return error_reply(status_of(text.error().kind), text.error());
  Reply reply = reply_of(std::move(*text));
  cache_.keep("doc text " + name, reply);
  return reply;
}

Reply Site::rows(const Request& request) {
  static constexpr std::array<std::string_view, 5> kFilters = {"document", "kind", "metric", "platform",
                                                               "workload"};
  std::string key = "doc rows";
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(kFilters, name) == kFilters.end())
      return error_reply(400,
                         {ErrorKind::bad_input, "there is no parameter '" + name + "'", "", "see /api/v1"});
    key += "&" + name + "=" + value;
  }
  if (folder_.look()) cache_.forget("doc ");
  if (const auto known = cache_.find(key)) return *known;
  const auto wanted = [&](const char* name, const std::string& value) {
    const auto it = request.query.find(name);
    return it == request.query.end() || it->second == value;
  };
  Json list = Json::array();
  for (const auto& one : folder_.entries()) {
    const std::string& name = one.first;
    const FolderEntry& entry = one.second;
    if (!wanted("document", name) || !wanted("kind", entry.kind)) continue;
    const auto found = folder_.text(name)
                           .and_then([&](const std::string& text) { return parse_document(text, name); })
                           .and_then(report::rows_of);
    if (!found) continue;  // changed or broken since the last look
    for (const TidyRow& row : *found) {
      if (!wanted("metric", row.metric) || !wanted("platform", row.platform) ||
          !wanted("workload", row.workload))
        continue;
      if (list.size() >= kMostRows)
        return error_reply(413, {ErrorKind::bad_input, "more than " + std::to_string(kMostRows) + " rows", "",
                                 "ask for one document, kind or metric"});
      Json object = encode(std::vector<TidyRow>{row})[0];
      object["document"] = name;
      object["kind"] = entry.kind;
      list.push_back(std::move(object));
    }
  }
  Reply reply = json_reply(list);
  if (reply.status == 200) cache_.keep(key, reply);
  return reply;
}

Reply Site::schemas(const std::string& kind) const {
  const auto files = list_files(configs_ + "/schemas", ".schema.json");
  Json list = Json::array();
  for (const std::string& path : files.value_or(std::vector<std::string>{})) {
    std::string name = path.substr(path.rfind('/') + 1);
    name.resize(name.size() - std::string_view(".schema.json").size());
    if (kind.empty()) {
      list.push_back({{"kind", name}, {"path", std::string(kSchemas) + name}});
    } else if (name == kind) {
      auto text = read_text_file(path);
      return text ? reply_of(std::move(*text), "application/schema+json; charset=utf-8")
                  : error_reply(500, text.error());
    }
  }
  return kind.empty() ? json_reply(list) : not_found(std::string(kSchemas) + kind);
}

Reply Site::metrics() {
  folder_.look();
  std::string text;
  const auto add = [&](const std::string& name, const char* help, const char* type, const std::string& labels,
                       double value) {
    if (text.find("# TYPE " + name + " ") == std::string::npos)
      text += report::prometheus_head(name, help, type);
    text += name + labels + " " + report::number_text(value) + "\n";
  };
  for (const auto& [status, count] : meters_.replies)
    add("ridgepoint_http_replies_total", "Replies by status", "counter",
        report::prometheus_labels({{"status", std::to_string(status)}}), static_cast<double>(count));
  add("ridgepoint_http_connections_total", "Connections taken", "counter", "",
      static_cast<double>(meters_.connections));
  add("ridgepoint_http_connections", "Connections open now", "gauge", "", static_cast<double>(meters_.open));
  add("ridgepoint_http_turned_away_total", "Connections beyond the limit, or questions beyond the queue",
      "counter", "", static_cast<double>(meters_.turned_away));
  add("ridgepoint_http_timed_out_total", "Connections closed because a request did not arrive", "counter", "",
      static_cast<double>(meters_.timed_out));
  add("ridgepoint_questions_total", "Questions computed", "counter", "",
      static_cast<double>(meters_.questions));
  add("ridgepoint_question_seconds_total", "Time spent computing questions", "counter", "",
      meters_.question_s);
  add("ridgepoint_documents", "Documents of the folder", "gauge", "",
      static_cast<double>(folder_.entries().size()));
  Reply reply = reply_of(text, "text/plain; version=0.0.4; charset=utf-8");
  reply.etag.clear();
  return reply;
}

}  // namespace ridgepoint::serve
