import asyncio

import pytest

from waymark.service.waiting_line import LineFull, Place, WaitingLine


async def turns(place: Place, seen: list[int]) -> None:
    async for ahead in place.turn(60):
        seen.append(ahead)


def test_turns_come_in_order_of_arrival_and_positions_are_told() -> None:
    async def scene() -> list[int]:
        line = WaitingLine(waiting=2)
        first, second, third = line.join(), line.join(), line.join()
        seen: list[int] = []
        await turns(first, [])
        other = asyncio.create_task(turns(second, []))
        await asyncio.sleep(0)
        last = asyncio.create_task(turns(third, seen))
        await asyncio.sleep(0.01)
        assert not other.done()
        await first.leave()
        await asyncio.wait_for(other, 5)
        assert not last.done()
        await second.leave()
        await asyncio.wait_for(last, 5)
        return seen

    assert asyncio.run(scene()) == [2, 1]


def test_several_may_write_at_once_and_the_next_enters_when_one_of_them_leaves() -> None:
    async def scene() -> list[int]:
        line = WaitingLine(waiting=2, at_once=2)
        first, second, third, fourth = (line.join() for _ in range(4))
        assert line.full
        seen: list[int] = []
        await turns(first, [])
        await turns(second, [])
        impatient = asyncio.create_task(turns(third, seen))
        await asyncio.sleep(0)
        patient = asyncio.create_task(turns(fourth, seen))
        await asyncio.sleep(0.01)
        impatient.cancel()
        await third.leave()
        await asyncio.sleep(0.01)
        assert not patient.done()
        await second.leave()
        await asyncio.wait_for(patient, 5)
        return seen

    assert asyncio.run(asyncio.wait_for(scene(), 5)) == [1, 2, 1]


def test_the_line_is_bounded_and_a_freed_place_can_be_taken() -> None:
    async def scene() -> None:
        line = WaitingLine(waiting=1)
        first = line.join()
        line.join()
        assert line.full
        with pytest.raises(LineFull):
            line.join()
        await first.leave()
        assert not line.full
        line.join()

    asyncio.run(scene())


def test_whoever_leaves_while_waiting_frees_their_place() -> None:
    async def scene() -> None:
        line = WaitingLine(waiting=2)
        first, impatient, patient = line.join(), line.join(), line.join()
        await turns(first, [])
        gone = asyncio.create_task(turns(impatient, []))
        staying = asyncio.create_task(turns(patient, []))
        await asyncio.sleep(0.01)
        gone.cancel()
        await impatient.leave()
        await first.leave()
        await asyncio.wait_for(staying, 5)
        assert len(line) == 1

    asyncio.run(scene())


def test_clean_up_runs_before_the_next_turn_even_when_it_fails() -> None:
    async def scene() -> None:
        line = WaitingLine(waiting=1)
        first, second = line.join(), line.join()
        await turns(first, [])
        waiting = asyncio.create_task(turns(second, []))
        await asyncio.sleep(0)

        def fail() -> None:
            assert not waiting.done()
            raise RuntimeError("closing failed")

        first.on_leave(fail)
        with pytest.raises(RuntimeError, match="closing failed"):
            await first.leave()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(scene())


def test_who_leaves_while_a_position_is_being_told_is_noticed() -> None:
    async def scene() -> None:
        line = WaitingLine(waiting=1)
        first, second = line.join(), line.join()
        await turns(first, [])
        async for ahead in second.turn(60):
            assert ahead == 1
            await first.leave()

    asyncio.run(asyncio.wait_for(scene(), 5))
