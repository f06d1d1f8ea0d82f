// SPDX-License-Identifier: Apache-2.0
// HTTP by Boost.Beast. Limits: 8 KiB of header, no body, one deadline for a whole request however it trickles
// in.
#include "reports/serve/server.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

namespace ridgepoint::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::uint32_t kHeaderBytes = 8192;
constexpr std::uint64_t kBodyBytes = 1;  // 0 would mean no limit in some versions; GET has none
constexpr std::size_t kDrainBytes = 1u << 20;
constexpr int kMostWaiting = 8;
constexpr double kWriteFactor = 6;  // a large document on a slow line
constexpr int kRequestsPerConnection = 1000;

/// What all connections share. Only the network's thread touches it.
struct Shared {
  const ServerOptions& options;
  Site& site;
  const Ask& ask;
  int waiting = 0;
  asio::io_context io{1};
  asio::thread_pool worker{1};
};

std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.site.meters().open;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { --shared_.site.meters().open; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytes);
    parser_->body_limit(kBodyBytes);
    stream_.expires_after(milliseconds(shared_.options.timeout_s));
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code code, std::size_t) { self->on_read(code); });
  }

 private:
  void on_read(beast::error_code code) {
    if (code == http::error::end_of_stream) return close();
    if (code == beast::error::timeout) {
      ++shared_.site.meters().timed_out;
      return;
    }
    if (code == http::error::header_limit)
      return refuse(431, "the header is longer than " + std::to_string(kHeaderBytes) + " bytes");
    if (code == http::error::body_limit) return refuse(413, "a request has no body here");
    if (code.category() == http::make_error_code(http::error::bad_method).category())
      return refuse(400, "this is not HTTP");
    if (code) return;  // the client has gone
    answer();
  }

  void refuse(int status, const std::string& what) {
    last_ = true;
    head_ = false;
    write(error_reply(status, {ErrorKind::bad_input, what, "", "see /api/v1"}));
  }

  void answer() {
    const auto& message = parser_->get();
    last_ = !message.keep_alive() || ++served_ >= kRequestsPerConnection;
    head_ = message.method() == http::verb::head;
    // Two Host headers: a proxy may have looked at the other one.
    if (message.count(http::field::host) > 1) return refuse(400, "more than one Host header");
    if (message.find(http::field::transfer_encoding) != message.end() || !message.body().empty())
      return refuse(413, "a request has no body here");
    request_ = {};
    request_.method = text_of(message.method_string());
    request_.host = text_of(message[http::field::host]);
    request_.authorization = text_of(message[http::field::authorization]);
    request_.if_none_match = text_of(message[http::field::if_none_match]);
    const beast::string_view target = message.target();
    if (const auto ok = read_target({target.data(), target.size()}, request_); !ok)
      return write(error_reply(400, ok.error()));
    if (auto reply = shared_.site.handle(request_)) return write(*reply);
    compute();
  }

  /// On the worker's thread; what it finds comes back to the network's.
  void compute() {
    if (shared_.waiting >= kMostWaiting) {
      ++shared_.site.meters().turned_away;
      Reply busy = error_reply(503, {ErrorKind::unavailable, "too many questions at once", "", "ask again"});
      busy.headers["Retry-After"] = "1";
      return write(busy);
    }
    ++shared_.waiting;
    stream_.expires_never();
    asio::post(shared_.worker, [self = shared_from_this()]() mutable {
      const auto begin = std::chrono::steady_clock::now();
      const Question question{self->request_.path, self->request_.query};
      auto json = serve::answer(question, self->shared_.ask);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      Shared& shared = self->shared_;
      // Moved, so that a session never ends on this thread.
      asio::post(shared.io, [self = std::move(self), question, json = std::move(json), took] {
        Shared& back = self->shared_;
        --back.waiting;
        ++back.site.meters().questions;
        back.site.meters().question_s += took.count();
        self->write(unless_known(back.site.answered(question, json), self->request_.if_none_match));
      });
    });
  }

  void write(const Reply& reply) {
    ++shared_.site.meters().replies[reply.status];
    body_ = reply.body;
    response_.emplace();
    auto& r = *response_;
    r.version(11);
    r.result(static_cast<unsigned>(reply.status));
    r.keep_alive(!last_);
    if (reply.status != 304) r.set(http::field::content_type, reply.type);
    if (!reply.etag.empty()) r.set(http::field::etag, reply.etag);
    r.set(http::field::cache_control, reply.etag.empty() ? "no-store" : "no-cache");
    r.set("X-Content-Type-Options", "nosniff");
    r.set("X-Frame-Options", "DENY");
    r.set("Referrer-Policy", "no-referrer");
    r.set("Cross-Origin-Resource-Policy", "same-origin");
    r.set("Cross-Origin-Opener-Policy", "same-origin");
    r.set("Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'");
    for (const auto& [name, value] : reply.headers) r.set(name, value);
    if (!head_) r.body() = {body_->data(), body_->size()};
    if (reply.status != 304) r.content_length(body_->size());
    stream_.expires_after(milliseconds(kWriteFactor * shared_.options.timeout_s));
    serializer_.emplace(r);
    const auto done = [self = shared_from_this()](beast::error_code code, std::size_t) {
      self->on_write(code);
    };
    if (head_ || reply.status == 304)
      http::async_write_header(stream_, *serializer_, done);
    else
      http::async_write(stream_, *serializer_, done);
  }

  void on_write(beast::error_code code) {
    serializer_.reset();
    response_.reset();
    body_.reset();
    if (code) return;
    if (last_) return close();
    read();
  }

  /// Reads on for a while, because closing over unread bytes may destroy the reply on its way.
  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    drain();
  }

  void drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kHeaderBytes),
                            [self = shared_from_this()](beast::error_code code, std::size_t n) {
                              self->drained_ += n;
                              if (!code && self->drained_ < kDrainBytes) self->drain();
                            });
  }

  using Body = http::span_body<const char>;
  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_{kHeaderBytes * 2};
  std::optional<http::request_parser<http::string_body>> parser_;
  Request request_;
  std::optional<http::response<Body>> response_;
  std::optional<http::response_serializer<Body>> serializer_;
  std::shared_ptr<const std::string> body_;
  int served_ = 0;
  std::size_t drained_ = 0;
  bool last_ = false, head_ = false;
};

class Listener {
 public:
  Listener(tcp::acceptor& acceptor, Shared& shared)
      : acceptor_(acceptor), pause_(shared.io), shared_(shared) {}

  void accept() {
    acceptor_.async_accept([this](beast::error_code code, tcp::socket socket) {
      if (code == asio::error::operation_aborted) return;
      if (code) return rest();  // out of descriptors: try again in a while, rather than spin
      take(std::move(socket));
      accept();
    });
  }

 private:
  void rest() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](beast::error_code code) {
      if (!code) accept();
    });
  }
  void take(tcp::socket socket) {
    Meters& meters = shared_.site.meters();
    if (meters.open >= static_cast<std::int64_t>(shared_.options.connections)) {
      ++meters.turned_away;
      return;  // closes it
    }
    ++meters.connections;
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::make_shared<Session>(std::move(socket), shared_)->read();
  }

  tcp::acceptor& acceptor_;
  asio::steady_timer pause_;
  Shared& shared_;
};

/// Ends the network's loop within a fifth of a second of Ctrl-C.
void watch(asio::steady_timer& timer, asio::io_context& io) {
  timer.expires_after(std::chrono::milliseconds(200));
  timer.async_wait([&](beast::error_code) {
    if (Interrupt::requested())
      io.stop();
    else
      watch(timer, io);
  });
}

Result<void> open(tcp::acceptor& acceptor, const ServerOptions& options) {
  beast::error_code code;
  const auto address = asio::ip::make_address(options.address, code);
  const tcp::endpoint endpoint(address, options.port);
  if (!code) acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(asio::socket_base::reuse_address(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (code)
    return fail(ErrorKind::unavailable,
                "cannot listen on " + options.address + " port " + std::to_string(options.port),
                code.message(), "choose another with --port, or 0 for any free one");
  return {};
}

}  // namespace

Result<bool> is_loopback(const std::string& address) {
  boost::system::error_code code;
  const auto parsed = asio::ip::make_address(address, code);
  if (code)
    return fail(ErrorKind::bad_input, "'" + address + "' is no address", "names are not looked up",
                "write 127.0.0.1, ::1 or 0.0.0.0");
  return parsed.is_loopback();
}

Result<void> run_server(const ServerOptions& options, Site& site, const Ask& ask,
                        const std::function<void(unsigned short port)>& ready) {
  Shared shared{.options = options, .site = site, .ask = ask};
  asio::io_context& io = shared.io;
  tcp::acceptor acceptor(io);
  if (auto ok = open(acceptor, options); !ok) return ok;
  Listener listener(acceptor, shared);
  listener.accept();
  asio::steady_timer timer(io);
  watch(timer, io);
  ready(acceptor.local_endpoint().port());
  io.run();
  shared.worker.stop();
  shared.worker.join();
  return {};
}

}  // namespace ridgepoint::serve
