// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "reports/serve/folder.h"
#include "reports/serve/guard.h"
#include "reports/serve/questions.h"
#include "reports/serve/request.h"

namespace ridgepoint::serve {

/// Bodies by key, the least used forgotten first beyond 64 MiB.
class ReplyCache {
 public:
  std::optional<Reply> find(const std::string& key);
  void keep(const std::string& key, const Reply& reply);
  void forget(const std::string& prefix);

 private:
  std::list<std::pair<std::string, Reply>> replies_;  ///< most recently used first
  std::size_t bytes_ = 0;
};

/// What /metrics shows. Counted by the server, on its one thread.
struct Meters {
  std::map<int, std::int64_t> replies;  ///< by status
  std::int64_t connections = 0, open = 0, turned_away = 0, timed_out = 0;
  std::int64_t questions = 0;
  double question_s = 0;
};

/// Requests to replies, without a socket. Everything but a question is answered at once.
class Site {
 public:
  Site(Folder folder, std::string configs, Guard guard)
      : folder_(std::move(folder)), configs_(std::move(configs)), guard_(std::move(guard)) {}

  /// Nothing when the request is a question that is not in the cache: answer it elsewhere, then `answered`.
  std::optional<Reply> handle(const Request& request);
  Reply answered(const Question& question, const Result<std::string>& json);

  Meters& meters() { return meters_; }

 private:
  Reply page(const Request& request);
  Reply data(const Request& request);
  Reply document(const std::string& name);
  Reply documents();
  Reply rows(const Request& request);
  Reply schemas(const std::string& kind) const;
  Reply metrics();

  Folder folder_;
  std::string configs_;
  Guard guard_;
  ReplyCache cache_;
  Meters meters_;
};

// The dashboard: one page with its script and style, from this program alone.
std::string_view dashboard_page();
std::string_view dashboard_script();
std::string_view dashboard_style();

}  // namespace ridgepoint::serve
