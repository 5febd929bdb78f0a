// A ticket pool: threads take task numbers from one counter until none is left. What a task
// computes depends on its number alone, so results do not depend on which thread took it.
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "ckernels.h"

// A wait looks for so long whether it is over before it sleeps: about what a sleep costs.
enum { MAX_WORKERS = 63, SPIN_NANOSECONDS = 20000, MOST_SKIPPED = 1024 };

typedef struct {
  void (*body)(const void *context, int64_t task);
  const void *context;
  int64_t tasks;
} bs_job;

static pthread_mutex_t callers = PTHREAD_MUTEX_INITIALIZER;  // one parallel call at a time
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

static pthread_t workers[MAX_WORKERS];
static int worker_count;
static atomic_int thread_count = 1;
static int may_spin;

static bs_job job;
static atomic_llong next_task;  // the ticket counter
static atomic_int is_open;      // whether workers may still join the job
static atomic_int joined;       // workers at work on it
static atomic_uint generation;  // counts jobs; an idle worker waits for it to change
static atomic_int sleeping;     // workers that wait asleep
static atomic_int caller_sleeps;  // whether the caller waits asleep for the workers that joined
static atomic_int stopping;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void take_tasks(void) {
  for (;;) {
    int64_t task = atomic_fetch_add_explicit(&next_task, 1, memory_order_relaxed);
    if (task >= job.tasks) return;
    job.body(job.context, task);
  }
}

/// Whether looking pays. On a machine with more to do than it has cores, whom one waits for does not
/// run while one looks: after each look in vain twice as many waits sleep at once.
typedef struct {
  int skipped, to_skip;
} bs_patience;

static int64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int is_over(const atomic_uint *generation, unsigned seen, atomic_int *joined) {
  return joined ? atomic_load_explicit(joined, memory_order_acquire) == 0
                : atomic_load_explicit(generation, memory_order_acquire) != seen;
}

/// Looks for a while whether the generation is another one, or nobody is joined any more.
static int spin(bs_patience *patience, unsigned seen, atomic_int *joined) {
  if (!may_spin || patience->skipped++ < patience->to_skip) return 0;
  patience->skipped = 0;
  int64_t end = nanoseconds() + SPIN_NANOSECONDS;
  do {
    for (int i = 0; i < 8; i++) {
      if (is_over(&generation, seen, joined)) {
        patience->to_skip = 0;
        return 1;
      }
      pause_briefly();
    }
  } while (nanoseconds() < end);
  patience->to_skip = patience->to_skip ? 2 * patience->to_skip : 1;
  if (patience->to_skip > MOST_SKIPPED) patience->to_skip = MOST_SKIPPED;
  return 0;
}

/// Waits until `generation` differs from `seen`: a brief look where a core is free, then sleep.
static unsigned wait_for_job(unsigned seen, bs_patience *patience) {
  if (spin(patience, seen, NULL)) return atomic_load(&generation);
  pthread_mutex_lock(&lock);
  atomic_fetch_add(&sleeping, 1);
  while (atomic_load(&generation) == seen) pthread_cond_wait(&wake, &lock);
  atomic_fetch_sub(&sleeping, 1);
  pthread_mutex_unlock(&lock);
  return atomic_load(&generation);
}

/// Waits until no worker is at work on the job any more.
static void wait_for_workers(void) {
  static bs_patience patience;  // guarded by `callers`
  if (atomic_load(&joined) == 0 || spin(&patience, 0, &joined)) return;
  pthread_mutex_lock(&lock);
  atomic_store(&caller_sleeps, 1);
  while (atomic_load(&joined) > 0) pthread_cond_wait(&done, &lock);
  atomic_store(&caller_sleeps, 0);
  pthread_mutex_unlock(&lock);
}

static void leave_job(void) {
  if (atomic_fetch_sub(&joined, 1) != 1 || !atomic_load(&caller_sleeps)) return;
  pthread_mutex_lock(&lock);
  pthread_cond_signal(&done);
  pthread_mutex_unlock(&lock);
}

static void *work(void *first_generation) {
  bs_flush_denormals();
  unsigned seen = (unsigned)(uintptr_t)first_generation;
  bs_patience patience = {0, 0};
  for (;;) {
    seen = wait_for_job(seen, &patience);
    if (atomic_load(&stopping)) return NULL;
    // Whoever comes late finds the job closed: the caller waits only for workers that joined, not
    // for one that the system has not let run yet.
    atomic_fetch_add(&joined, 1);
    if (atomic_load(&is_open)) take_tasks();
    leave_job();
  }
}

static void announce(void) {
  atomic_fetch_add(&generation, 1);
  if (atomic_load(&sleeping) == 0) return;
  pthread_mutex_lock(&lock);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
}

static void stop_workers(void) {
  if (worker_count == 0) return;
  atomic_store(&stopping, 1);
  announce();
  for (int i = 0; i < worker_count; i++) pthread_join(workers[i], NULL);
  atomic_store(&stopping, 0);
  worker_count = 0;
}

void bs_set_threads(int count) {
  if (count < 1) count = 1;
  if (count > MAX_WORKERS + 1) count = MAX_WORKERS + 1;
  pthread_mutex_lock(&callers);
  if (count != worker_count + 1) {
    stop_workers();
    may_spin = count <= sysconf(_SC_NPROCESSORS_ONLN);
    uintptr_t first = atomic_load(&generation);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 2 << 20);  // the products pack panels on the stack
    while (worker_count < count - 1 &&
           pthread_create(&workers[worker_count], &attributes, work, (void *)first) == 0)
      worker_count++;
    pthread_attr_destroy(&attributes);
    atomic_store(&thread_count, worker_count + 1);
  }
  pthread_mutex_unlock(&callers);
}

int bs_threads(void) { return atomic_load_explicit(&thread_count, memory_order_relaxed); }

void bs_parallel(int64_t tasks, void (*body)(const void *context, int64_t task),
                 const void *context) {
  if (tasks <= 1 || bs_threads() == 1 || pthread_mutex_trylock(&callers) != 0) {
    for (int64_t task = 0; task < tasks; task++) body(context, task);
    return;
  }
  job = (bs_job){body, context, tasks};
  atomic_store(&next_task, 0);
  atomic_store(&is_open, 1);
  announce();
  take_tasks();
  atomic_store(&is_open, 0);
  wait_for_workers();
  pthread_mutex_unlock(&callers);
}
