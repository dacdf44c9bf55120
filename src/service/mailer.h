/* service/mailer.h - tells people who asked for it that there is news. */
#ifndef SERVICE_MAILER_H
#define SERVICE_MAILER_H

struct service;

/* Sends what is due. What the server does not take is tried again the next time; after the first
 * refusal the rest waits for it too. Logs counts alone. */
void mailer_run(struct service *service);

#endif
