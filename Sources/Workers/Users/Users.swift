public import Worker

/// The worker of accounts: registration, sign-in and sessions, passwords and addresses, what staff do with accounts, and the
/// keys that tokens are checked with.
public enum Users {
    public static func worker(_ settings: UsersSettings) -> Worker {
        let passwords = PasswordHasher(settings)
        let tokens = TokenIssuer(settings)
        let links = AccountTokens(settings)
        return Worker(
            "users",
            endpoints: [
                Registration.endpoint(passwords, tokens, perHour: settings.registrationsPerHour),
                Login.endpoint(passwords, tokens, HeldSignIns()),
                RefreshSession(tokens: tokens).endpoint, LogOut(refreshTokens: tokens.refreshTokens).endpoint,
                ListSessions.endpoint, RevokeSessions.one, RevokeSessions.others,
                RequestVerification(links: links).endpoint, Verify(links: links).endpoint,
                RequestReset(links: links).endpoint, ConfirmReset(links: links, passwords: passwords).endpoint,
                ChangePassword(passwords: passwords).endpoint, TokenSecret(links: links).endpoint,
                UserRecord.endpoint(), UpdateAccount(passwords: passwords).endpoint,
                GetProfile.endpoint, UpdateProfile.endpoint,
                ListAccounts.endpoint, Suspension.suspend, Suspension.reinstate, StaffRole.grant, StaffRole.revoke,
                Endpoint("users.keys", { (_: inout Fields) in }) { _, _ in Reply(settings.signer.jwks) },
            ],
            periodicTasks: [OldRows.task(every: settings.cleaningPause)],
            emits: [
                "USER_CREATED", "USER_LOGIN", "USER_UPDATED", "USER_VERIFICATION_REQUESTED", "USER_VERIFIED",
                "USER_PASSWORD_RESET_REQUESTED", "USER_PASSWORD_CHANGED", "USER_SUSPENDED", "USER_REINSTATED",
                "USER_ROLE_CHANGED", "USER_SESSIONS_REVOKED",
            ])
    }
}
