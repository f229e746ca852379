"""What people are to be told: found in what stands on record, shown in the application, and sent by e-mail.

The broker is a hint and the database the truth: `find` may run at any time and any number of times, and makes each
notice once; `send_mails` sends each mail once, but for a kill between sending and saying so.
"""

from predictions.notices.finding import find
from predictions.notices.mailing import Sent, send_mails
from predictions.notices.telling import Told, mark_read, notice_of, tell, unread_count

__all__ = ["Sent", "Told", "find", "mark_read", "notice_of", "send_mails", "tell", "unread_count"]
