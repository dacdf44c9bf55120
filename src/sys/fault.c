#include "fault.h"

#include <signal.h>
#include <stdatomic.h>

static struct {
    atomic_bool watching; /* counts calls even when nothing is to fail */
    atomic_int op, error;
    atomic_bool forever, half_write;
    _Atomic uint64_t nth;
    _Atomic uint64_t calls[FAULT_N_OPS];
} machine;

static void reset(void)
{
    for (int i = 0; i < FAULT_N_OPS; i++)
        atomic_store(&machine.calls[i], 0);
}

void fault_arm(enum fault_op op, uint64_t nth, int error, bool forever, bool half_write)
{
    atomic_store(&machine.watching, false);
    reset();
    atomic_store(&machine.op, (int)op);
    atomic_store(&machine.nth, nth);
    atomic_store(&machine.error, error);
    atomic_store(&machine.forever, forever);
    atomic_store(&machine.half_write, half_write);
    atomic_store(&machine.watching, true);
}

void fault_disarm(void)
{
    atomic_store(&machine.error, 0);
    reset();
    atomic_store(&machine.watching, false);
}

uint64_t fault_calls(enum fault_op op)
{
    return atomic_load(&machine.calls[op]);
}

int fault_check(enum fault_op op)
{
    if (!atomic_load_explicit(&machine.watching, memory_order_relaxed))
        return 0;
    uint64_t call = atomic_fetch_add(&machine.calls[op], 1) + 1;
    if ((int)op != atomic_load(&machine.op))
        return 0;
    uint64_t nth = atomic_load(&machine.nth);
    bool hit = call == nth || (call > nth && atomic_load(&machine.forever));
    int error = hit ? atomic_load(&machine.error) : 0;
    if (op != FAULT_WRITE || !fault_half_write())
        fault_die(error);
    return error;
}

void fault_die(int error)
{
    if (error == FAULT_KILL)
        raise(SIGKILL);
}

bool fault_half_write(void)
{
    return atomic_load(&machine.half_write);
}
