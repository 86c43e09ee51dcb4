"""Applying what is remembered of class groups, members and requests to join."""

from typing import assert_never

from sqlalchemy import ColumnElement, delete, insert, update

from bot.policy import changes as c
from bot.policy.coming_in.joining import RequestState
from bot.policy.ids import ChatId, UserId
from storage.changes.base import ChangesOfOneKind
from storage.tables import group_class_groups, group_members, join_requests


class JoiningChanges(ChangesOfOneKind):
    """Who a group is for, who is in it, who asks to come in."""

    async def apply(self, change: c.JoiningChange) -> None:
        """Apply one change."""
        match change:
            case c.SetGroupClassGroups():
                await self._set_class_groups(change)
            case c.RecordClassesAsked():
                await self._set_group(change.chat, classes_asked_at=self._at)
            case c.RememberJoinRequest():
                await self._remember_request(change)
            case c.PostponeJoinRequest():
                await self._change_open(
                    change.chat,
                    change.user,
                    state=RequestState.WAITING.value,
                    judge_at=change.judge_at,
                )
            case c.SettleJoinRequest():
                await self._settle(change)
            case c.JudgeRequestsAgain():
                await self._judge_again()
            case c.RememberMember():
                await self._remember_member(change)
            case c.ForgetMember():
                await self._forget_member(change.chat, change.user)
            case c.RecordMembersTold():
                await self._set_group(change.chat, members_told_at=self._at)
            case _:
                assert_never(change)

    async def _judge_again(self) -> None:
        postponed = (
            join_requests.c.state == RequestState.WAITING.value,
            join_requests.c.judge_at > self._at,
        )
        await self._connection.execute(
            update(join_requests).where(*postponed).values(judge_at=self._at)
        )

    async def _set_class_groups(self, change: c.SetGroupClassGroups) -> None:
        number = await self._group(change.chat)
        await self._connection.execute(
            delete(group_class_groups).where(group_class_groups.c.group_id == number)
        )
        rows = [{"group_id": number, "class_group": name} for name in sorted(change.class_groups)]
        if rows:
            await self._connection.execute(insert(group_class_groups), rows)

    async def _open(self, chat: ChatId, user: UserId) -> tuple[ColumnElement[bool], ...]:
        return (
            join_requests.c.group_id == await self._group(chat),
            join_requests.c.account_id == await self._account(user),
            join_requests.c.settled_at.is_(None),
        )

    async def _change_open(self, chat: ChatId, user: UserId, **values: object) -> int:
        changed = await self._connection.execute(
            update(join_requests).where(*await self._open(chat, user)).values(**values)
        )
        return changed.rowcount

    async def _remember_request(self, change: c.RememberJoinRequest) -> None:
        values = {
            "state": change.state.value,
            "judge_at": change.judge_at,
            "deadline_at": change.deadline_at,
        }
        if await self._change_open(change.chat, change.user, **values):
            return
        await self._connection.execute(
            insert(join_requests).values(
                **values,
                group_id=await self._group(change.chat),
                account_id=await self._account(change.user),
                asked_at=self._at,
            )
        )

    async def _settle(self, change: c.SettleJoinRequest) -> None:
        which = await self._open(change.chat, change.user)
        if change.waiting_only:
            which = (*which, join_requests.c.state == RequestState.WAITING.value)
        await self._connection.execute(
            update(join_requests)
            .where(*which)
            .values(state=change.state.value, settled_at=self._at, judge_at=None)
        )

    async def _remember_member(self, change: c.RememberMember) -> None:
        await self._forget_member(change.chat, change.user)
        await self._connection.execute(
            insert(group_members).values(
                group_id=await self._group(change.chat),
                account_id=await self._account(change.user),
                since=self._at,
                how=change.way.value,
            )
        )

    async def _forget_member(self, chat: ChatId, user: UserId) -> None:
        await self._connection.execute(
            delete(group_members).where(
                group_members.c.group_id == await self._group(chat),
                group_members.c.account_id == await self._account(user),
            )
        )
