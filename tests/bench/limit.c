/* The limit: one thread, epoll and send(2). Every 100 ms it commits what came (one row each, SQLite, synchronous=FULL)
 * and sends one frame with all of it to every socket. Nothing else: no sessions, no rights, no Python.
 * usage: limit PORT DATABASE        compile: cc -O2 limit.c -o limit -ldl */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define MOST 65536

static int readers[MOST], count;
static char open_[MOST];
static uint8_t news[1 << 22], frame[(1 << 22) + 64];
static size_t news_size;
static int (*sql_exec)(void *, const char *, void *, void *, void *), (*sql_prepare)(void *, const char *, int, void **, void *);
static int (*sql_bind)(void *, int, const char *, int, void *), (*sql_step)(void *), (*sql_reset)(void *);
static void *db, *insert;

static uint32_t roll(uint32_t x, int n) { return x << n | x >> (32 - n); }

static void sha1(const uint8_t *text, size_t size, uint8_t *out) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t block[256] = {0};
    memcpy(block, text, size);
    block[size] = 0x80;
    size_t total = ((size + 8) / 64 + 1) * 64;
    uint64_t bits = size * 8;
    for (int i = 0; i < 8; i++) block[total - 1 - i] = bits >> (8 * i);
    for (size_t at = 0; at < total; at += 64) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 16; i++) { uint8_t *p = block + at + 4 * i; w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
        for (int i = 16; i < 80; i++) w[i] = roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t t = roll(a, 5) + f + e + k + w[i];
            e = d; d = c; c = roll(b, 30); b = a; a = t;
        }
        h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
    }
    for (int i = 0; i < 5; i++) for (int j = 0; j < 4; j++) out[4 * i + j] = h[i] >> (24 - 8 * j);
}

static void answer(int fd, char *key) {
    static const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t text[64], hash[24] = {0};
    char accept[29], reply[256];
    int n = 0;
    memcpy(text, key, 24);
    memcpy(text + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    sha1(text, 60, hash);
    for (int j = 0; j < 21; j += 3) {
        uint32_t x = (uint32_t)hash[j] << 16 | (j + 1 < 20 ? hash[j + 1] : 0) << 8 | (j + 2 < 20 ? hash[j + 2] : 0);
        accept[n++] = letters[x >> 18 & 63]; accept[n++] = letters[x >> 12 & 63];
        accept[n++] = letters[x >> 6 & 63]; accept[n++] = letters[x & 63];
    }
    accept[27] = '='; accept[28] = 0;
    n = sprintf(reply, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    send(fd, reply, n, MSG_NOSIGNAL);
}

static int64_t milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Commit, then tell everybody: {"news":[message,message,…]} */
static void tick(void) {
    sql_exec(db, "COMMIT", 0, 0, 0);
    size_t size = news_size + 10, head;
    frame[0] = 0x81;
    if (size < 126) { frame[1] = size; head = 2; }
    else if (size < 65536) { frame[1] = 126; frame[2] = size >> 8; frame[3] = size; head = 4; }
    else { frame[1] = 127; for (int i = 0; i < 8; i++) frame[2 + i] = (uint64_t)size >> (8 * (7 - i)); head = 10; }
    memcpy(frame + head, "{\"news\":[", 9);
    memcpy(frame + head + 9, news, news_size - 1);
    memcpy(frame + head + 8 + news_size, "]}", 2);
    for (int i = 0; i < count; i++) send(readers[i], frame, head + size, MSG_NOSIGNAL | MSG_DONTWAIT);
    news_size = 0;
}

static void take(const uint8_t *text, int size) {
    if (!news_size) sql_exec(db, "BEGIN IMMEDIATE", 0, 0, 0);
    sql_bind(insert, 1, (const char *)text, size, 0);
    sql_step(insert);
    sql_reset(insert);
    if (news_size + size + 1 < sizeof news) { memcpy(news + news_size, text, size); news_size += size; news[news_size++] = ','; }
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct rlimit files = {MOST, MOST};
    getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files);
    void *lib = dlopen("libsqlite3.so.0", RTLD_NOW);
    if (!lib) { fprintf(stderr, "libsqlite3 is missing\n"); return 3; }
    int (*sql_open)(const char *, void **) = dlsym(lib, "sqlite3_open");
    sql_exec = dlsym(lib, "sqlite3_exec"); sql_prepare = dlsym(lib, "sqlite3_prepare_v2"); sql_bind = dlsym(lib, "sqlite3_bind_text");
    sql_step = dlsym(lib, "sqlite3_step"); sql_reset = dlsym(lib, "sqlite3_reset");
    sql_open(argv[2], &db);
    sql_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE news(id INTEGER PRIMARY KEY, text TEXT)", 0, 0, 0);
    sql_prepare(db, "INSERT INTO news(text) VALUES(?)", -1, &insert, 0);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, poll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in here = {AF_INET, htons(atoi(argv[1])), {htonl(INADDR_LOOPBACK)}, {0}};
    if (bind(listener, (void *)&here, sizeof here) || listen(listener, 4096)) { perror("listen"); return 1; }
    struct epoll_event event = {EPOLLIN, {.fd = listener}}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    static uint8_t in[65536], text[65536];
    int64_t last = 0;
    for (;;) {
        int64_t wait = news_size ? last + TICK_MS - milliseconds() : -1;
        int n = epoll_wait(poll, events, 256, news_size ? (wait > 0 ? wait : 0) : -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int one = accept4(listener, 0, 0, SOCK_NONBLOCK);
                if (one < 0 || one >= MOST) continue;
                setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.events = EPOLLIN; event.data.fd = one; open_[one] = 0;
                epoll_ctl(poll, EPOLL_CTL_ADD, one, &event);
                continue;
            }
            int size = read(fd, in, sizeof in - 1);
            if (size <= 0) {
                if (size < 0 && errno == EAGAIN) continue;
                close(fd);
                for (int k = 0; k < count; k++) if (readers[k] == fd) { readers[k] = readers[--count]; break; }
                continue;
            }
            if (!open_[fd]) {
                in[size] = 0;
                char *key = strstr((char *)in, "Sec-WebSocket-Key: ");
                if (key) { answer(fd, key + 19); open_[fd] = 1; readers[count++] = fd; }
                continue;
            }
            for (int at = 0; size - at >= 6;) {
                int length = in[at + 1] & 127, head = 2;
                if (length == 126) { length = in[at + 2] << 8 | in[at + 3]; head = 4; }
                uint8_t *mask = in + at + head, *body = mask + 4;
                if (at + head + 4 + length > size) break;
                for (int j = 0; j < length; j++) text[j] = body[j] ^ mask[j & 3];
                if ((in[at] & 15) == 1) take(text, length);
                at += head + 4 + length;
            }
        }
        if (news_size && milliseconds() - last >= TICK_MS) { last = milliseconds(); tick(); }
    }
}
